import { behaviourTable } from '../../domain/behaviour/behaviour-table.ts'
import { type Group, groups, happenings } from '../../domain/behaviour/happening.ts'
import { situations } from '../../domain/behaviour/situation.ts'
import { statuses, statusLabels } from '../../domain/status.ts'

const titles: Readonly<Record<Group, string>> = {
  commands: 'Commands',
  facts: 'Facts',
  calls: 'What a call in flight comes back with',
  'clock and people': 'The clock, notices and Temporal',
}

const head = `# What an order does

Generated from \`domain/behaviour/behaviour-table.ts\` by \`npm run nolimbo -- table --write\`; a test holds the core to it.

The rows are situations of an order of the showcase process (\`domain/behaviour/showcase.ts\`: approval, payment, stock,
shipment, signing, one after the other), the columns what happens then, the cells the events that follow, in their
order; [events.md](events.md) says what is in them. *Italic*: refused, with this code. \`nothing\`: it changes nothing.
An empty cell: it cannot come there, because no such call or notice is open. Commands are given by somebody who may give them.
`

/** \`docs/generated/behaviour.md\`. */
export function behaviourPage(): string {
  const tables = groups.map(group => `## ${titles[group]}\n\n${table(Object.keys(happenings[group]))}`)
  return [head, `## How an order comes there\n\n${histories()}`, ...tables].join('\n').concat('\n')
}

function histories(): string {
  const reached = situations.map(
    ({ name, status, history }) => `| ${name} | ${statusLabels[status].zh} | ${['placed', ...history].join(', ')} |`,
  )
  const others = statuses.filter(status => !situations.some(situation => situation.status === status))
  const rest = `No command leads to ${others.join(', ')} yet, or no order rests there.\n`
  return `| situation | status | what happened |\n|---|---|---|\n${reached.join('\n')}\n\n${rest}`
}

function table(columns: readonly string[]): string {
  const lines = [...behaviourTable].map(([situation, behaviour]) => {
    const cells = columns.map(column => cell(behaviour.get(column)))
    return `| ${situation} | ${cells.join(' | ')} |`
  })
  return `| | ${columns.join(' | ')} |\n|---|${'---|'.repeat(columns.length)}\n${lines.join('\n')}\n`
}

function cell(outcome: string | undefined): string {
  if (outcome === undefined) return ''
  return outcome.startsWith('refused: ')
    ? `*${outcome.slice('refused: '.length)}*`
    : outcome
        .split(', ')
        .map(type => `\`${type}\``)
        .join('<br>')
}
