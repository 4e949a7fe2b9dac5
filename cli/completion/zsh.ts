/** Completion for zsh, with the commands' and options' summaries. */
import { quoted, valuedOptions, type CommandNode } from './command-tree.ts';

/** `name:summary`, as `_describe` wants it. */
const described = (name: string, summary: string): string => quoted(`${name.replaceAll(':', '\\:')}:${summary}`);

export function zshScript(tree: readonly CommandNode[]): string {
  const paths = tree.filter((node) => node.path.includes(' ')).map((node) => quoted(node.path));
  const values = valuedOptions(tree).map(({ path, option }) => {
    const patterns = option.flags.map((flag) => quoted(`${path} ${flag}`)).join('|');
    const reply = option.choices.length > 0 ? `compadd -- ${option.choices.map(quoted).join(' ')}` : option.isFile ? '_files' : ':';
    return `    ${patterns}) ${reply}; return ;;`;
  });
  const words = tree.map(({ path, children, options, takesFile, words: known }) => {
    const flags = options.flatMap((o) => o.flags.filter((f) => f.startsWith('--')).map((f) => described(f, o.summary)));
    const names = [...children.map((child) => described(child.name, child.summary)), ...known.map((word) => described(word, ''))];
    return `    ${quoted(path)})
      flags=(${flags.join(' ')})
      names=(${names.join(' ')})
      files=${takesFile ? 1 : 0} ;;`;
  });
  return `#compdef assay
# zsh completion for assay: source <(assay completion zsh), after compinit
_assay() {
  local path_=assay word files
  local -a flags names
  for word in \${words[2,CURRENT-1]}; do
    case "$path_ $word" in
      ${paths.join('|')}) path_="$path_ $word" ;;
    esac
  done
  case "$path_ \${words[CURRENT-1]}" in
${values.join('\n')}
  esac
  case "$path_" in
${words.join('\n')}
  esac
  if [[ \${words[CURRENT]} == -* ]]; then
    _describe -o option flags
    return
  fi
  (( \${#names} )) && _describe command names
  [[ $files == 1 ]] && _files
}
compdef _assay assay
`;
}
