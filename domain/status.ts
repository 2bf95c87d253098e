/** The canonical states of an order (DESIGN section 4), in both languages, and which of them are closed. */
export const statusLabels = {
  received: { en: 'Received', zh: '已接收' },
  pending_approval: { en: 'Pending approval', zh: '待审核' },
  pending_payment: { en: 'Pending payment', zh: '待付款' },
  pending_stock: { en: 'Pending stock', zh: '待备货' },
  pending_shipment: { en: 'Pending shipment', zh: '待发货' },
  in_transit: { en: 'In transit', zh: '待签收' },
  manual_review: { en: 'Manual review', zh: '待人审' },
  on_hold: { en: 'On hold', zh: '已挂起' },
  compensating: { en: 'Being undone', zh: '撤销中' },
  completed: { en: 'Completed', zh: '已完成' },
  cancelled: { en: 'Cancelled', zh: '已取消' },
  voided: { en: 'Voided', zh: '已作废' },
  split: { en: 'Split', zh: '已拆分' },
  merged: { en: 'Merged', zh: '已合并' },
} as const

export type Status = keyof typeof statusLabels
export type ClosedStatus = 'completed' | 'cancelled' | 'voided' | 'split' | 'merged'

export const statuses = Object.keys(statusLabels) as readonly Status[]
export const closedStatuses: readonly ClosedStatus[] = ['completed', 'cancelled', 'voided', 'split', 'merged']

/** The ones a step may stand for: what an order waits for while it is neither closed nor abnormal. */
export const stepStatuses = [
  'pending_approval',
  'pending_payment',
  'pending_stock',
  'pending_shipment',
  'in_transit',
] as const satisfies readonly Status[]

export type StepStatus = (typeof stepStatuses)[number]
