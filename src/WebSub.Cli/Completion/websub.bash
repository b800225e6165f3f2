# Completion of websub for bash. To have it in every shell:  echo 'source <(websub completion bash)' >> ~/.bashrc
_websub() {
  local line=${COMP_LINE:0:COMP_POINT} word IFS=$'\n' i
  word=${line##*[[:space:]]}
  # shellcheck disable=SC2207
  COMPREPLY=($("$1" "[suggest:${#line}]" "$line" 2>/dev/null))
  # For bash a colon begins a new word: what stands before the last one has been typed.
  if [[ $word == *:* && $COMP_WORDBREAKS == *:* ]]; then
    for i in "${!COMPREPLY[@]}"; do COMPREPLY[i]=${COMPREPLY[i]#"${word%"${word##*:}"}"}; done
  fi
}
complete -o bashdefault -o default -F _websub websub ./websub
