import { lookups, operations } from '../../operation.ts'
import { Findings, type Rule } from './rule.ts'

/** Facts that move money or goods: an order that is cancelled has to give back what they brought. */
const movingFacts = [
  'payment.received',
  'stock.reserved',
  'supplier.confirmed',
  'shipment.shipped',
  'shipment.delivered',
  'goods.received',
]

/** A call ends, whatever becomes of it, and every effect can be taken back or says that it cannot. */
export const calls: Rule = ({ definition, operations: offered }) => {
  const found = new Findings()
  definition.steps.forEach((step, index) => {
    const at = (...path: PropertyKey[]) => ['steps', index, ...path]
    if (step.kind === 'task') return
    const moves =
      step.kind === 'call' ? !(lookups as readonly string[]).includes(step.do) : movingFacts.includes(step.fact)
    const about = step.kind === 'call' ? step.do : step.fact
    if (moves && step.undo === undefined && !step.irreversible) {
      const mend = `Name the operation that takes "${about}" back under "undo", or say "irreversible: true".`
      found.add('undo_missing', at(), step.id, mend)
    }
    if (step.kind === 'wait') return
    if (step.retry?.giveUpAfter === undefined) {
      const mend = `Say under "retry" after how long "${step.id}" is given up ("giveUpAfter").`
      found.add('give_up_missing', step.retry === undefined ? at() : at('retry'), step.id, mend)
    }
    if (step.onFailure === undefined) {
      const mend = `Say what happens when "${step.id}" fails ("onFailure": review, cancel or continue).`
      found.add('on_failure_missing', at(), step.id, mend)
    }
    const inverse = operations[step.do]?.undo
    if (step.undo !== undefined && offered.includes(step.undo) && inverse !== undefined && step.undo !== inverse) {
      found.add(
        'undo_mismatch',
        at('undo'),
        step.id,
        `Undo "${step.do}" by "${inverse}": "${step.undo}" does not take it back.`,
      )
    }
    const { partial } = step
    if (partial === undefined) return
    if (operations[step.do]?.effect !== 'reserve') {
      const mend = `Remove "partial" of "${step.id}": only a reservation can come back partly and go on.`
      found.add('partial_unused', at('partial'), step.id, mend)
    } else if (typeof partial === 'object' && partial.mode === 'cancel' && partial.ladder !== undefined) {
      const mend = 'Remove this ladder: what is missing is cancelled at once, nobody waits for it.'
      found.add('partial_unused', at('partial', 'ladder'), step.id, mend)
    }
  })
  return found.problems
}
