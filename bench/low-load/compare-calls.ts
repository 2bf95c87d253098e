import { setTimeout as pause } from 'node:timers/promises'
import type { Client } from '@temporalio/client'
import { approveUpdate } from '../floor/floor-workflow.ts'

/** One way of placing an order and approving it. */
export interface Caller {
  readonly name: string
  place(orderNo: string): Promise<void>
  approve(orderNo: string): Promise<void>
}

export interface Felt {
  readonly name: string
  readonly placeMs: readonly number[]
  readonly approveMs: readonly number[]
}

/** So long nothing is asked of anybody: what came before is done, and the next one is alone. */
const restMs = { placed: 250, approved: 450 } as const
/** So many, at most, are made before anything is counted. */
const mostWarmUp = 10

/** One call at a time, the callers in turn; whose turn is first goes round. */
export async function compareCalls(callers: readonly Caller[], calls: number): Promise<Felt[]> {
  const warmUp = Math.min(mostWarmUp, calls)
  const felt = callers.map(({ name }) => ({ name, placeMs: [] as number[], approveMs: [] as number[] }))
  for (let call = -warmUp; call < calls; call += 1) {
    for (let turn = 0; turn < callers.length; turn += 1) {
      const index = (call + warmUp + turn) % callers.length
      const caller = callers[index]!
      const orderNo = `L${index}-${call + warmUp}`
      const placeMs = await took(() => caller.place(orderNo))
      await pause(restMs.placed)
      const approveMs = await took(() => caller.approve(orderNo))
      await pause(restMs.approved)
      if (call < 0) continue
      felt[index]!.placeMs.push(placeMs)
      felt[index]!.approveMs.push(approveMs)
    }
  }
  return felt
}

async function took(act: () => Promise<void>): Promise<number> {
  const begun = performance.now()
  await act()
  return performance.now() - begun
}

export function bareSdk(client: Client): Caller {
  return {
    name: 'bare SDK',
    async place(orderNo) {
      await client.workflow.start('floor', { workflowId: `floor/${orderNo}`, taskQueue: 'floor', args: [{ orderNo }] })
    },
    approve: orderNo => client.workflow.getHandle(`floor/${orderNo}`).executeUpdate(approveUpdate),
  }
}

/** @param keyed every request carries an `Idempotency-Key` */
export function httpApi(apiUrl: string, keyed: boolean): Caller {
  const post = async (person: string, path: string, body: object, key: string, expected: number) => {
    const response = await fetch(`${apiUrl}${path}`, {
      method: 'POST',
      headers: {
        authorization: `Bearer demo-${person}`,
        'content-type': 'application/json',
        ...(keyed && { 'idempotency-key': key }),
      },
      body: JSON.stringify(body),
    })
    const text = await response.text()
    if (response.status !== expected) throw new Error(`${path}: ${response.status} ${text}`)
  }
  return {
    name: keyed ? 'nolimbo, with Idempotency-Key' : 'nolimbo',
    place: orderNo => post('shop', '/api/orders', orderOf(orderNo), `place-${orderNo}`, 201),
    approve: orderNo => post('mei', `/api/orders/${orderNo}/commands`, { type: 'approve' }, `yes-${orderNo}`, 200),
  }
}

/** One that needs an approval. */
function orderOf(orderNo: string) {
  const lines = [{ sku: 'TEA', quantity: 1, unitPrice: '18000.00' }]
  return { orderNo, customer: { id: 'c-1', name: 'Ada' }, currency: 'CNY', lines }
}
