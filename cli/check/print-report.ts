import { covered, notCovered } from '../../domain/check/not-covered.ts'
import { spanText } from '../../domain/check/span-text.ts'
import type { FileReport } from './check-file.ts'

/** The contract of `nolimbo check --json` (DESIGN section 6). Times in ms; null: it may go on for ever. */
export function reportJson({ result, problems, steps, states }: FileReport): string {
  const finite = (ms: number) => (Number.isFinite(ms) ? ms : null)
  const time = ({ workingMs, wallMs }: { workingMs: number; wallMs: number }) => ({
    workingMs: finite(workingMs),
    wallMs: finite(wallMs),
  })
  const json = {
    result,
    problems: problems.map(({ code, line, step, mend }) => ({ code, line, step, mend })),
    steps: steps.map(({ step, states, toPerson, toEnd }) => ({
      step,
      states,
      toPerson: time(toPerson),
      toEnd: time(toEnd),
    })),
    states,
  }
  return JSON.stringify(json, null, 2)
}

/** For people. */
export function reportText(file: string, report: FileReport): string {
  const { result, problems, steps, states, dayMs } = report
  const verdict = {
    proven: `proven: from each of ${states} states, with nobody acting, a person is told or the order ends in time`,
    refused: `refused: ${problems.length === 1 ? 'one problem' : `${problems.length} problems`}`,
    unproven: 'unproven: not every state could be visited',
  }[result]
  const lines = [`${file}: ${verdict}`]
  for (const { line, code, mend, trail = [] } of problems) {
    lines.push('', `  line ${line}  ${code}`, `    ${mend}`)
    if (trail.length > 0) lines.push(`    how: ${trail.join(' > ')}`)
  }
  if (steps.length > 0) lines.push('', ...table(steps, dayMs))
  if (result === 'proven') {
    lines.push('', `Covered: ${covered}`, '', 'Not covered:', ...notCovered.map(text => `  - ${text}`))
  }
  return lines.join('\n')
}

function table(steps: FileReport['steps'], dayMs: number): string[] {
  const time = ({ workingMs, wallMs }: { workingMs: number; wallMs: number }) =>
    Number.isFinite(workingMs + wallMs) ? `${spanText(workingMs, dayMs)} (${spanText(wallMs, 86_400_000)})` : 'for ever'
  const rows = steps.map(({ step, states, toPerson, toEnd }) => [step, `${states}`, time(toPerson), time(toEnd)])
  const all = [['step', 'states', 'to a person', 'to the end'], ...rows]
  const widths = all[0]!.map((_, column) => Math.max(...all.map(row => row[column]!.length)))
  return [
    'With nobody acting, at worst, in working time (and by the wall clock over the longest holidays):',
    ...all.map(row => `  ${row.map((cell, column) => cell.padEnd(widths[column]!)).join('  ')}`.trimEnd()),
  ]
}
