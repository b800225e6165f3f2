# Completion of websub for fish. To have it in every shell:  websub completion fish > ~/.config/fish/completions/websub.fish
function __websub_complete
    set -l line (commandline -cp)
    set -l tool (commandline -opc)[1]
    $tool "[describe:"(string length -- $line)"]" "$line" 2>/dev/null
end
complete -c websub -a '(__websub_complete)'
