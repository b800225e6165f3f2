#compdef websub
# Completion of websub for zsh. To have it in every shell:  echo 'source <(websub completion zsh)' >> ~/.zshrc
(( $+functions[compdef] )) || { autoload -Uz compinit && compinit }
_websub() {
  local line="${(j: :)words[1,CURRENT]}" entry
  local -a labels shown
  for entry in "${(@f)$("${(Q)words[1]}" "[describe:${#line}]" "$line" 2>/dev/null)}"; do
    [[ -n $entry ]] || continue
    labels+=("${entry%%$'\t'*}")
    shown+=("${entry/$'\t'/  -- }")
  done
  if (( ${#labels} )); then
    compadd -l -d shown -- "${labels[@]}"
  else
    _files
  fi
}
compdef _websub websub ./websub
