/** Completion for fish. */
import { type CommandNode } from './command-tree.ts';

/** In single quotes; fish knows only \\' and \\\\ in them. */
const quoted = (text: string): string => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;

export function fishScript(tree: readonly CommandNode[]): string {
  const paths = tree.filter((node) => node.path.includes(' ')).map((node) => quoted(node.path));
  const lines = tree.flatMap(({ path, children, options, takesFile, words }) => {
    const here = `complete -c assay -n ${quoted(`test (__assay_path) = "${path}"`)}`;
    return [
      ...children.map((child) => `${here} -f -a ${quoted(child.name)} -d ${quoted(child.summary)}`),
      ...words.map((word) => `${here} -f -a ${quoted(word)}`),
      ...(takesFile ? [`${here} -F`] : []),
      ...options.map((option) => {
        const names = option.flags.map((flag) => (flag.startsWith('--') ? `-l ${flag.slice(2)}` : `-s ${flag.slice(1)}`)).join(' ');
        const value = !option.value
          ? ''
          : option.isFile
            ? ' -r -F'
            : ` -x${option.choices.length > 0 ? ` -a ${quoted(option.choices.join(' '))}` : ''}`;
        return `${here} ${names}${value} -d ${quoted(option.summary)}`;
      }),
    ];
  });
  return `# fish completion for assay: assay completion fish > ~/.config/fish/completions/assay.fish
function __assay_path
  set -l path assay
  for word in (commandline -opc)[2..-1]
    if contains -- "$path $word" ${paths.join(' ')}
      set path "$path $word"
    end
  end
  echo $path
end
complete -c assay -f
${lines.join('\n')}
`;
}
