import type { CallRequest } from '../domain/call.ts'
import { toDecimal } from '../domain/money/money.ts'

/*
 * What of a call goes where: `${name}` in bodies, `{name}` in paths. A placeholder that is the whole text keeps the
 * value's type; a key of a body whose value the call does not have is left out.
 */

const names = [
  'operation',
  'key',
  'organisation',
  'orderNo',
  'step',
  'round',
  'currency',
  'amount',
  'lines',
  'parcels',
  'customer.id',
  'customer.name',
] as const
const attributePrefix = 'attributes.'

const inBody = /\$\{([^}]*)\}/g
const inPath = /\{([^}]*)\}/g
const wholeText = /^\$\{([^}]*)\}$/

export type Template = string | number | boolean | null | readonly Template[] | { readonly [name: string]: Template }

/** The call lacks something that its address or a text of its body is made of. */
export class MissingInputError extends Error {}

/** Placeholders that no call has. */
export function unknownInBody(template: Template): string[] {
  if (typeof template === 'string') return unknownNames(template, inBody)
  if (typeof template !== 'object' || template === null) return []
  return Object.values(template).flatMap(unknownInBody)
}

export function unknownInPath(path: string): string[] {
  return unknownNames(path, inPath)
}

export function fillBody(template: Template, request: CallRequest): unknown {
  if (typeof template === 'string') {
    const whole = wholeText.exec(template)
    if (whole) return valueNamed(request, whole[1]!)
    return template.replace(inBody, (_, name: string) => textOf(request, name))
  }
  if (typeof template !== 'object' || template === null) return template
  if (Array.isArray(template)) return template.map(item => fillBody(item, request))
  return Object.fromEntries(
    Object.entries(template)
      .map(([name, value]) => [name, fillBody(value, request)])
      .filter(([, value]) => value !== undefined),
  )
}

export function fillPath(path: string, request: CallRequest): string {
  return path.replace(inPath, (_, name: string) => {
    const text = textOf(request, name)
    // A URL would take these for "here" and "up".
    if (/^\.{0,2}$/.test(text)) throw new MissingInputError(`"${text}" cannot stand in a path (${name})`)
    return encodeURIComponent(text)
  })
}

function unknownNames(text: string, placeholder: RegExp): string[] {
  return [...text.matchAll(placeholder)]
    .map(match => match[1]!)
    .filter(name => !(names as readonly string[]).includes(name) && !isAttribute(name))
}

function isAttribute(name: string): boolean {
  return name.startsWith(attributePrefix) && name.length > attributePrefix.length
}

function textOf(request: CallRequest, name: string): string {
  const value = valueNamed(request, name)
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return String(value)
  throw new MissingInputError(`the call has no ${name}`)
}

function valueNamed(request: CallRequest, name: string): unknown {
  if (name === 'amount') return amountOf(request)
  if (name === 'currency' || name === 'lines' || name === 'parcels') return request.input[name]
  const [first, ...rest] = name.split('.')
  if (first === 'attributes' || first === 'customer') {
    return rest.reduce<unknown>(memberOf, request.input[first])
  }
  return memberOf(request, name)
}

function amountOf({ input: { amountMinor, exponent } }: CallRequest): string | undefined {
  if (amountMinor === undefined) return undefined
  if (exponent === undefined) throw new MissingInputError('the call has an amount without the exponent of its currency')
  return toDecimal(amountMinor, exponent)
}

function memberOf(value: unknown, name: string): unknown {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined
  return (value as Record<string, unknown>)[name]
}
