import { execFileSync } from 'node:child_process'

/** The process and all that it has started, directly or not, as far as they live now. */
export function processTree(root: number): readonly number[] {
  const rows = execFileSync('ps', ['-A', '-o', 'pid=,ppid='], { encoding: 'utf8' })
    .trim()
    .split('\n')
    .map(row => row.trim().split(/\s+/).map(Number))
  const tree = [root]
  // The list grows while it is walked.
  for (const parent of tree) {
    for (const [pid = 0, parentPid] of rows) if (parentPid === parent) tree.push(pid)
  }
  return rows.some(([pid]) => pid === root) ? tree : tree.slice(1)
}
