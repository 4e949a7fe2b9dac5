/** Completion for bash, from 3.2 on (that of macOS). */
import { quoted, valuedOptions, type CommandNode } from './command-tree.ts';

export function bashScript(tree: readonly CommandNode[]): string {
  const paths = tree.filter((node) => node.path.includes(' ')).map((node) => quoted(node.path));
  const values = valuedOptions(tree).map(({ path, option }) => {
    const patterns = option.flags.map((flag) => quoted(`${path} ${flag}`)).join('|');
    const reply =
      option.choices.length > 0
        ? `COMPREPLY=($(compgen -W ${quoted(option.choices.join(' '))} -- "$cur"))`
        : option.isFile
          ? 'compopt -o filenames 2>/dev/null; COMPREPLY=($(compgen -f -- "$cur"))'
          : 'COMPREPLY=()';
    return `    ${patterns}) ${reply}; return ;;`;
  });
  const words = tree.map(({ path, children, options, takesFile, words: known }) => {
    const flags = options.flatMap((option) => option.flags.filter((flag) => flag.startsWith('--')));
    const names = [...children.map((child) => child.name), ...known].join(' ');
    return `    ${quoted(path)}) flags=${quoted(flags.join(' '))} names=${quoted(names)} files=${takesFile ? 1 : 0} ;;`;
  });
  return `# bash completion for assay: source <(assay completion bash)
_assay() {
  local cur=\${COMP_WORDS[COMP_CWORD]} prev=\${COMP_WORDS[COMP_CWORD-1]} path=assay word flags names files i
  # bash takes = for a word of its own
  if [[ $cur == "=" ]]; then cur=""; elif [[ $prev == "=" ]]; then prev=\${COMP_WORDS[COMP_CWORD-2]}; fi
  for ((i = 1; i < COMP_CWORD; i++)); do
    word=\${COMP_WORDS[i]}
    case "$path $word" in
      ${paths.join('|')}) path="$path $word" ;;
    esac
  done
  case "$path $prev" in
${values.join('\n')}
  esac
  case "$path" in
${words.join('\n')}
  esac
  if [[ $cur == -* ]]; then
    COMPREPLY=($(compgen -W "$flags" -- "$cur"))
    return
  fi
  COMPREPLY=($(compgen -W "$names" -- "$cur"))
  if [[ $files == 1 ]]; then
    compopt -o filenames 2>/dev/null
    COMPREPLY+=($(compgen -f -- "$cur"))
  fi
}
complete -F _assay assay
`;
}
