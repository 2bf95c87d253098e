import type { ExpressionContext } from '../../../domain/expression/expression.ts'

const order: ExpressionContext['order'] = {
  orderNo: 'SO-1001',
  organisation: 'main',
  currency: 'CNY',
  exponent: 2,
  totalMinor: 1_200_000,
  lines: [
    { sku: 'CHAIR', quantity: 4, unitPriceMinor: 250_000 },
    { sku: 'LAMP', quantity: 2, unitPriceMinor: 100_000 },
  ],
  attributes: {
    channel: 'web',
    priority: 2,
    rush: true,
    note: null,
    tags: ['gift', 'b2b'],
    'delivery date': '2026-12-01',
  },
  customer: { id: 'C-7', name: 'Acme', attributes: { tier: 'gold' } },
}

export function contextOf(
  changes: Partial<ExpressionContext['order']> = {},
  rest: Partial<ExpressionContext> = {},
): ExpressionContext {
  return { order: { ...order, ...changes }, ...rest }
}

/** As in a permission condition: mei asks for something about sun's order. */
export const asked: Partial<ExpressionContext> = {
  actor: { id: 'mei', roles: ['sales-supervisor', 'sales'], organisation: 'main' },
  placedBy: 'sun',
  step: { id: 'approval', owner: 'role:sales-supervisor', mine: true },
}
