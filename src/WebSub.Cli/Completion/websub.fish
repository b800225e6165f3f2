# Completion of websub for fish. To have it in every shell:  websub completion fish > ~/.config/fish/completions/websub.fish
function __websub_complete
    set -l line (commandline -cp)
    set -l tool (commandline -opc)[1]
    set -l offered ($tool "[describe:"(string length -- $line)"]" "$line" 2>/dev/null)
    # Files only where nothing else fits.
    if test (count $offered) -gt 0
        printf '%s\n' $offered
    else
        __fish_complete_path (commandline -ct)
    end
end
complete -c websub -f -a '(__websub_complete)'
