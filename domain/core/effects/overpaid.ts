import { raise } from '../clock/people.ts'
import { emit, type Turn } from '../turn.ts'
import { overpaidMinor } from './outstanding.ts'

/** What was paid too much is owed to the customer: a person has to see to it. */
export function raiseOverpaid(turn: Turn, amountMinor: number): void {
  raise(turn, {
    kind: 'mismatch',
    owner: turn.definition.owner,
    evidence: {
      expected: 'no more than the order costs',
      seen: `${amountMinor} minor units more`,
      overpaidMinor: amountMinor,
    },
  })
}

export function resolveOverpaid(turn: Turn): void {
  for (const [exception, { kind, evidence: seen }] of Object.entries(turn.state.exceptions)) {
    if (kind !== 'mismatch' || seen.overpaidMinor === undefined || overpaidMinor(turn.state) > 0) continue
    emit(turn, 'exception.resolved', { exception, outcome: 'fixed' })
  }
}
