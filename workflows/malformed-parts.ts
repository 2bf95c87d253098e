import { isCount, isListOf, isName, isOptional, isRecord, isText } from './shapes.ts'

export function malformedSplit({ parts, taken }: Record<string, unknown>): string | undefined {
  if (!isOptional(taken, numbers => isListOf(numbers, isName))) return 'command.taken is a list of order numbers'
  if (!isListOf(parts, isPart) || (parts as unknown[]).length < 2) {
    return 'command.parts is a list of at least two {orderNo?, lines: [{line, quantity}]}'
  }
  return
}

function isPart(part: unknown): boolean {
  if (!isRecord(part) || !isOptional(part.orderNo, isOrderNo)) return false
  return isListOf(part.lines, isPartLine) && (part.lines as unknown[]).length > 0
}

function isPartLine(line: unknown): boolean {
  return isRecord(line) && isPositive(line.line) && isPositive(line.quantity)
}

/** As the API has it (`orderNoText`): it names a workflow. */
function isOrderNo(value: unknown): boolean {
  return isText(value) && /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/.test(value)
}

export function isPositive(value: unknown): boolean {
  return isCount(value) && value !== 0
}

export function malformedMerge({ orders, orderNo, taken, known }: Record<string, unknown>): string | undefined {
  if (!isListOf(orders, isOrderNo) || (orders as unknown[]).length === 0)
    return 'command.orders is a list of order numbers'
  if (!isOptional(orderNo, isOrderNo)) return 'command.orderNo is an order number'
  if (!isOptional(taken, numbers => isListOf(numbers, isName))) return 'command.taken is a list of order numbers'
  if (!isOptional(known, all => isListOf(all, isRecord))) return 'command.known is a list of orders'
  return
}

/** What is wrong with the shape of what a lead of a merge says; undefined: nothing. */
export function malformedMessage(message: unknown): string | undefined {
  if (!isRecord(message) || !['ask', 'go', 'close', 'release'].includes(`${message.kind}`))
    return 'kind is ask, go, close or release'
  if (!isName(message.merge)) return 'merge is a text'
  if (message.kind === 'close') return isOrderNo(message.into) ? undefined : 'into is an order number'
  if (message.kind !== 'ask') return
  const texts = [message.lead, message.into, message.customerId, message.currency, message.process, message.lapsesAt]
  return texts.every(isName) && isRecord(message.caller) ? undefined : 'ask says lead, into, whose, until when and who'
}
