/**
 * DESIGN section 5 as a table, of the showcase process: what comes of whatever happens in each situation, as
 * `happening | happening -> event, event`, `-> refused: code`, or `-> nothing`. What is not named cannot come there.
 * The core does what stands here (a test says so), and `docs/generated/behaviour.md` shows it.
 */
const table: Readonly<Record<string, string>> = {
  pending_approval: `
    merge -> merge.asked, clock.paused
    migrate -> process.changed
    split -> split.decided, compensation.started, step.withdrawn, successors.due
    amend -> order.amended
    approve -> step.completed, step.entered, call.started
    reject -> step.rejected, compensation.started, step.withdrawn, lines.cancelled, compensation.ended, order.closed
    send_back -> compensation.started, step.withdrawn, step.reset, compensation.ended, step.entered, notice.requested
    claim -> step.claimed
    transfer -> step.transferred, notice.requested
    retry | release | confirm | decline | skip | rollback | override -> refused: not_applicable
    hold -> hold.placed, notice.requested, clock.paused
    cancel | void | Temporal asks to cancel -> compensation.started, step.withdrawn, lines.cancelled, compensation.ended, order.closed
    recompute_deadlines -> calendar.changed
    payment.received | shipment.lost -> fact.received, exception.raised, review.opened, notice.requested, clock.paused
    payment.refused | stock.short -> fact.received, review.opened, notice.requested, clock.paused
    stock.reserved | shipment.shipped -> fact.received, exception.raised
    shipment.delivered | supplier.confirmed | supplier.delayed | goods.received | invoice.matched -> fact.received
    customer.cancelled -> fact.received, compensation.started, step.withdrawn, lines.cancelled, compensation.ended, order.closed
    the next deadline -> rung.fired, notice.requested
  `,
  pending_payment: `
    merge -> merge.asked
    migrate -> process.changed
    split -> split.decided, compensation.started, call.cancelling, step.withdrawn
    amend -> refused: call_in_flight
    approve | reject | retry | release | confirm | decline | skip | override -> refused: not_applicable
    send_back | cancel | void | rollback | Temporal asks to cancel -> compensation.started, call.cancelling, step.withdrawn
    claim -> step.claimed
    transfer -> step.transferred, notice.requested
    hold -> hold.placed, notice.requested
    recompute_deadlines -> calendar.changed
    payment.received | shipment.lost -> fact.received, exception.raised, review.opened, notice.requested
    payment.refused | stock.short -> fact.received, review.opened, notice.requested
    stock.reserved | shipment.shipped -> fact.received, exception.raised
    shipment.delivered | supplier.confirmed | supplier.delayed | goods.received | invoice.matched -> fact.received
    customer.cancelled -> fact.received, compensation.started, call.cancelling, step.withdrawn
    do succeeds | do succeeds in part -> call.succeeded, step.completed, step.entered, call.started
    do fails | do ends without an outcome -> call.failed, step.failed, exception.raised, review.opened, notice.requested
    the next deadline -> call.cancelling, step.failed, exception.raised, review.opened, notice.requested
  `,
  pending_stock: `
    merge -> merge.asked
    migrate -> process.changed
    split -> split.decided, compensation.started, call.cancelling, step.withdrawn
    amend -> refused: call_in_flight
    approve | reject | retry | release | confirm | decline | skip | override -> refused: not_applicable
    send_back | cancel | void | rollback | Temporal asks to cancel -> compensation.started, call.cancelling, step.withdrawn
    claim -> step.claimed
    transfer -> step.transferred, notice.requested
    hold -> hold.placed, notice.requested
    recompute_deadlines -> calendar.changed
    payment.received | shipment.lost -> fact.received, exception.raised, review.opened, notice.requested
    payment.refused | stock.short -> fact.received, review.opened, notice.requested
    stock.reserved | shipment.delivered | supplier.confirmed | supplier.delayed | goods.received | invoice.matched -> fact.received
    shipment.shipped -> fact.received, exception.raised
    customer.cancelled -> fact.received, compensation.started, call.cancelling, step.withdrawn
    do succeeds -> call.succeeded, step.completed, step.entered, call.started
    do succeeds in part -> call.succeeded, step.partial, notice.requested
    do fails | do ends without an outcome -> call.failed, step.failed, exception.raised, review.opened, notice.requested
    the next deadline -> call.cancelling, step.failed, exception.raised, review.opened, notice.requested
  `,
  'pending_stock, a part is there': `
    merge -> merge.asked, clock.paused
    migrate -> process.changed
    split -> split.decided, compensation.started, step.withdrawn, call.started
    amend -> order.amended, step.reopened, compensation.started, step.withdrawn, call.started
    approve | reject | release | confirm | decline | skip | override -> refused: not_applicable
    send_back | retry | cancel | void | rollback | Temporal asks to cancel -> compensation.started, step.withdrawn, call.started
    claim -> step.claimed
    transfer -> step.transferred, notice.requested
    hold -> hold.placed, notice.requested, clock.paused
    recompute_deadlines -> calendar.changed
    payment.received | shipment.lost -> fact.received, exception.raised, review.opened, notice.requested, clock.paused
    payment.refused | stock.short -> fact.received, review.opened, notice.requested, clock.paused
    stock.reserved -> fact.received, step.completed, step.entered, call.started
    shipment.shipped -> fact.received, exception.raised
    shipment.delivered | supplier.confirmed | supplier.delayed | goods.received | invoice.matched -> fact.received
    customer.cancelled -> fact.received, compensation.started, step.withdrawn, call.started
    the next deadline -> rung.fired, notice.requested
  `,
  pending_shipment: `
    migrate -> process.changed
    amend -> refused: call_in_flight
    approve | reject | retry | release | confirm | decline | skip | override | split | merge -> refused: not_applicable
    send_back | cancel | void | rollback | Temporal asks to cancel -> compensation.started, call.cancelling, step.withdrawn
    claim -> step.claimed
    transfer -> step.transferred, notice.requested
    hold -> hold.placed, notice.requested
    recompute_deadlines -> calendar.changed
    payment.received | shipment.lost -> fact.received, exception.raised, review.opened, notice.requested
    payment.refused | stock.short -> fact.received, review.opened, notice.requested
    stock.reserved | shipment.shipped | shipment.delivered | supplier.confirmed | supplier.delayed | goods.received | invoice.matched -> fact.received
    customer.cancelled -> fact.received, compensation.started, call.cancelling, step.withdrawn
    do succeeds -> call.succeeded, step.completed, step.entered
    do succeeds in part -> call.succeeded, step.failed, exception.raised, review.opened, notice.requested
    do fails | do ends without an outcome -> call.failed, step.failed, exception.raised, review.opened, notice.requested
    the next deadline -> call.cancelling, step.failed, exception.raised, review.opened, notice.requested
  `,
  in_transit: `
    migrate -> process.changed
    split | merge -> refused: already_shipped
    amend -> order.amended, step.reopened, compensation.started, step.withdrawn, call.started
    approve | reject | retry | release | confirm | decline -> refused: not_applicable
    send_back | cancel | void | rollback | Temporal asks to cancel -> compensation.started, step.withdrawn, call.started
    claim -> step.claimed
    transfer -> step.transferred, notice.requested
    hold -> hold.placed, notice.requested, clock.paused
    recompute_deadlines -> calendar.changed
    skip -> step.skipped, review.opened, notice.requested
    override -> override.made, fact.received, step.completed, order.closed
    payment.received -> fact.received, exception.raised, review.opened, notice.requested, clock.paused
    payment.refused | stock.short | shipment.lost -> fact.received, review.opened, notice.requested, clock.paused
    stock.reserved | shipment.shipped | supplier.confirmed | supplier.delayed | goods.received | invoice.matched -> fact.received
    shipment.delivered -> fact.received, step.completed, order.closed
    customer.cancelled -> fact.received, compensation.started, step.withdrawn, call.started
    the next deadline -> rung.fired, notice.requested
  `,
  'manual_review of a step': `
    merge -> merge.asked
    migrate -> process.changed
    split -> split.decided, compensation.started, step.withdrawn, exception.resolved, review.closed, call.started
    amend -> order.amended, step.reopened, compensation.started, step.withdrawn, exception.resolved, review.closed, call.started
    approve | reject | release | confirm | decline | override -> refused: not_applicable
    send_back | cancel | void | rollback | Temporal asks to cancel -> compensation.started, step.withdrawn, exception.resolved, review.closed, call.started
    claim -> review.claimed
    transfer -> review.transferred, notice.requested
    retry -> review.closed, step.retried, step.entered, call.started
    hold -> hold.placed, notice.requested
    recompute_deadlines -> calendar.changed
    skip -> step.skipped, review.closed, exception.resolved, step.entered, call.started
    payment.received | shipment.lost -> fact.received, exception.raised, review.opened, notice.requested
    payment.refused | stock.short -> fact.received, review.opened, notice.requested
    stock.reserved | shipment.shipped -> fact.received, exception.raised
    shipment.delivered | supplier.confirmed | supplier.delayed | goods.received | invoice.matched -> fact.received
    customer.cancelled -> fact.received, compensation.started, step.withdrawn, exception.resolved, review.closed, call.started
    a notice is delivered -> notice.delivered
    a notice fails -> notice.failed, notice.requested
  `,
  'manual_review of the order': `
    merge -> merge.asked
    migrate -> process.changed
    split -> split.decided, compensation.started, call.cancelling, step.withdrawn, review.closed
    amend -> refused: call_in_flight
    approve | reject | retry | confirm | decline | skip | override -> refused: not_applicable
    send_back -> compensation.started, call.cancelling, step.withdrawn
    claim -> review.claimed
    transfer -> review.transferred, notice.requested
    hold -> hold.placed, notice.requested
    release -> review.closed
    cancel | void | rollback | Temporal asks to cancel -> compensation.started, call.cancelling, step.withdrawn, review.closed
    recompute_deadlines -> calendar.changed
    payment.received | shipment.lost -> fact.received, exception.raised, review.opened, notice.requested
    payment.refused -> fact.received, review.opened, notice.requested
    stock.reserved | stock.short | shipment.delivered | supplier.confirmed | supplier.delayed | goods.received | invoice.matched -> fact.received
    shipment.shipped -> fact.received, exception.raised
    customer.cancelled -> fact.received, compensation.started, call.cancelling, step.withdrawn, review.closed
    do succeeds -> call.succeeded, step.completed
    do succeeds in part -> call.succeeded, step.partial, notice.requested, clock.paused
    do fails | do ends without an outcome -> call.failed, step.failed, exception.raised, review.opened, notice.requested
    the next deadline -> call.cancelling, step.failed, exception.raised, review.opened, notice.requested
  `,
  on_hold: `
    migrate -> process.changed
    amend -> order.amended
    approve | retry | hold | confirm | decline | skip | rollback | override | split | merge -> refused: not_applicable
    reject -> step.rejected, compensation.started, step.withdrawn, lines.cancelled, compensation.ended, order.closed
    send_back -> compensation.started, step.withdrawn, step.reset, compensation.ended
    claim -> step.claimed
    transfer -> step.transferred, notice.requested
    release -> hold.released, clock.resumed
    cancel | void | Temporal asks to cancel -> compensation.started, step.withdrawn, lines.cancelled, compensation.ended, order.closed
    recompute_deadlines -> calendar.changed
    payment.received | shipment.lost -> fact.received, exception.raised, review.opened, notice.requested
    payment.refused | stock.short -> fact.received, review.opened, notice.requested
    stock.reserved | shipment.shipped -> fact.received, exception.raised
    shipment.delivered | supplier.confirmed | supplier.delayed | goods.received | invoice.matched -> fact.received
    customer.cancelled -> fact.received, compensation.started, step.withdrawn, lines.cancelled, compensation.ended, order.closed
    the next deadline -> rung.fired, notice.requested
  `,
  compensating: `
    approve | reject | send_back | claim | transfer | retry | hold | release | cancel | confirm | decline | skip | void | rollback | amend | split | migrate | merge -> refused: not_applicable
    recompute_deadlines -> calendar.changed
    override -> override.made, fact.received
    payment.received -> fact.received, exception.raised, review.opened, notice.requested
    payment.refused | stock.reserved | stock.short | shipment.shipped | shipment.delivered | shipment.lost | customer.cancelled | supplier.confirmed | supplier.delayed | goods.received | invoice.matched -> fact.received
    undo succeeds -> call.succeeded, call.started
    undo fails -> call.failed, exception.raised, review.opened, notice.requested
    the next deadline -> call.cancelling, exception.raised, review.opened, notice.requested
    Temporal asks to cancel -> nothing
  `,
  'manual_review of an undo': `
    approve | reject | send_back | hold | release | cancel | confirm | decline | skip | void | rollback | amend | split | migrate | merge -> refused: not_applicable
    claim -> review.claimed
    transfer -> review.transferred, notice.requested
    retry -> review.closed, step.retried, call.started
    recompute_deadlines -> calendar.changed
    override -> override.made, fact.received, call.failed, review.opened, notice.requested
    payment.received -> fact.received, exception.raised, review.opened, notice.requested
    payment.refused | stock.reserved | stock.short | shipment.shipped | shipment.lost | customer.cancelled | supplier.confirmed | supplier.delayed | goods.received | invoice.matched -> fact.received
    shipment.delivered -> fact.received, call.failed, review.opened, notice.requested
    the next deadline -> rung.fired, notice.requested
    Temporal asks to cancel -> nothing
  `,
  completed: `
    approve | reject | send_back | claim | transfer | retry | hold | release | cancel | recompute_deadlines | confirm | decline | skip | void | rollback | override | payment.received | split | payment.refused | merge | stock.reserved | stock.short | shipment.shipped | shipment.delivered | shipment.lost | customer.cancelled | supplier.confirmed | supplier.delayed | goods.received | invoice.matched | amend | migrate -> refused: closed
    Temporal asks to cancel -> nothing
  `,
  cancelled: `
    approve | reject | send_back | claim | transfer | retry | hold | release | cancel | recompute_deadlines | confirm | decline | skip | void | rollback | override | payment.received | split | payment.refused | merge | stock.reserved | stock.short | shipment.shipped | shipment.delivered | shipment.lost | customer.cancelled | supplier.confirmed | supplier.delayed | goods.received | invoice.matched | amend | migrate -> refused: closed
    Temporal asks to cancel -> nothing
  `,
  voided: `
    approve | reject | send_back | claim | transfer | retry | hold | release | cancel | recompute_deadlines | confirm | decline | skip | void | rollback | override | payment.received | split | payment.refused | merge | stock.reserved | stock.short | shipment.shipped | shipment.delivered | shipment.lost | customer.cancelled | supplier.confirmed | supplier.delayed | goods.received | invoice.matched | amend | migrate -> refused: closed
    Temporal asks to cancel -> nothing
  `,
}

/** Situation, then happening: event types, separated by commas, or a refusal, or `nothing`. */
export const behaviourTable: ReadonlyMap<string, ReadonlyMap<string, string>> = new Map(
  Object.entries(table).map(([situation, rows]) => [situation, new Map(rows.trim().split('\n').flatMap(readRow))]),
)

function readRow(row: string): [string, string][] {
  const [happenings = '', outcome = ''] = row.split(' -> ')
  return happenings.split(' | ').map(happening => [happening.trim(), outcome.trim()])
}
