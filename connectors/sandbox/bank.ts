import type { MoneyBody } from './body.ts'
import type { DoneEntry } from './entry.ts'
import type { Outcome } from './outcome.ts'

export function takeMoney({ amount, currency }: Pick<MoneyBody, 'amount' | 'currency'>, reference: string): Outcome {
  return { answer: { reference, amount, currency }, effect: { amount, currency } }
}

/** Takes back the whole amount of what was done by the key; without it there is nothing to take back. */
export function giveMoneyBack(done: DoneEntry | undefined, reference: string): Outcome {
  const { amount, currency } = done?.effect ?? {}
  if (amount === undefined || currency === undefined) return { answer: { reference, amount: '0' } }
  return takeMoney({ amount, currency }, reference)
}
