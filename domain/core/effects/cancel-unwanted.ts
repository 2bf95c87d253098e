import { raise } from '../clock/people.ts'
import { unwantedLines } from '../commands/amended-order.ts'
import { emit, type Turn } from '../turn.ts'
import { untouchedLines } from './outstanding.ts'
import { quantityOf } from './result-effect.ts'

/** What an amend has made less of is cancelled, once it is back. What is not, because it was kept, a person must know. */
export function cancelUnwanted(turn: Turn): void {
  const unwanted = unwantedLines(turn.state)
  if (unwanted.length === 0) return
  const room = untouchedLines(turn.state)
  const lines = unwanted
    .map(line => ({ ...line, quantity: Math.min(line.quantity, quantityOf(room, line.line)) }))
    .filter(({ quantity }) => quantity > 0)
  if (lines.length > 0) emit(turn, 'lines.cancelled', { lines })
  for (const { line, sku, quantity } of unwantedLines(turn.state)) {
    const expected = `${quantity} of ${sku} (line ${line}) have come back: the order was amended to less`
    const evidence = { expected, seen: 'they could not be taken back', line, sku, quantity }
    raise(turn, { kind: 'mismatch', owner: turn.definition.owner, evidence })
  }
}
