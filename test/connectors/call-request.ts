import type { CallRequest } from '../../domain/call.ts'

/** A call with everything that one can have. */
export const fullRequest: CallRequest = {
  operation: 'test.do',
  key: 'main/S-1/pay/2',
  organisation: 'main',
  orderNo: 'S-1',
  step: 'pay',
  round: 2,
  input: {
    currency: 'CNY',
    exponent: 2,
    amountMinor: 12_005,
    lines: [{ line: 1, sku: 'TEA', quantity: 3 }],
    parcels: [{ id: 'P-1', lines: [{ line: 1, sku: 'TEA', quantity: 3 }] }],
    customer: { id: 'c/7', name: 'Li 李' },
    attributes: { gift: true, notes: { door: 'red' }, up: '..' },
  },
}

export function requestOf(operation: string, input: CallRequest['input'] = {}, step = 'step', round = 1): CallRequest {
  const order = { organisation: 'main', orderNo: 'S-1' }
  return { operation, key: `main/S-1/${step}/${round}`, ...order, step, round, input }
}
