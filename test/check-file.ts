const LINES_MAX = 300
const KEBAB_CASE = /^[a-z0-9]+(-[a-z0-9]+)*$/
const SAYS_NOTHING = new Set(['util', 'utils', 'helper', 'helpers', 'common'])

/** What is wrong with the size or the name of a source file, each with what to do. */
export const checkFile = (path: string, code: string): readonly string[] => {
  const wrongs: string[] = []
  const lines = code.split('\n').length - (code.endsWith('\n') ? 1 : 0)
  if (lines > LINES_MAX) wrongs.push(`${path} has ${lines} lines, more than ${LINES_MAX}. Split it by concept.`)
  for (const name of path.split('/')) {
    // Suffixes such as .test.ts are no part of the name.
    const stem = name.split('.')[0]!
    if (!KEBAB_CASE.test(stem)) wrongs.push(`${path}: "${name}" is not kebab-case.`)
    if (stem.split('-').some(part => SAYS_NOTHING.has(part))) {
      wrongs.push(`${path}: "${name}" says nothing. Name it for what it does.`)
    }
  }
  return wrongs
}
