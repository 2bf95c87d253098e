/* Shapes of what comes with a message, by hand: a schema library would be loaded anew by each order. */

export const longestName = 200
export const longestText = 1000
const mostItems = 1000

export function isListOf(value: unknown, is: (item: unknown) => boolean): boolean {
  return Array.isArray(value) && value.length <= mostItems && value.every(is)
}

export function isOptional(value: unknown, is: (value: unknown) => boolean): boolean {
  return value === undefined || is(value)
}

export function isName(value: unknown): boolean {
  return isText(value) && value.length > 0 && value.length <= longestName
}

export function isText(value: unknown): value is string {
  return typeof value === 'string' && value.length <= longestText
}

export function isCount(value: unknown): boolean {
  return Number.isSafeInteger(value) && (value as number) >= 0
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
