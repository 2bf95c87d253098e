import type { FieldError } from './problem.ts'

/** Deeper than any order; a parser further on may have less patience. */
const deepest = 32

/** As in the YAML files. */
const reservedKeys = ['__proto__', 'constructor', 'prototype']

/**
 * What JSON can say and nothing behind the API can keep: NUL (PostgreSQL has no place for it), halves of surrogate
 * pairs, numbers that change when they are read, keys that reach a prototype, bottomless nesting.
 */
export function findHazards(value: unknown, path: readonly string[] = []): FieldError[] {
  const field = path.join('.')
  if (path.length > deepest) return [{ field, message: `is nested deeper than ${deepest} levels` }]
  if (typeof value === 'string') return textHazard(value).map(message => ({ field, message }))
  if (typeof value === 'number') return numberHazard(value).map(message => ({ field, message }))
  if (Array.isArray(value)) return value.flatMap((item, index) => findHazards(item, [...path, String(index)]))
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, inner]) => {
    if (reservedKeys.includes(key)) return [{ field, message: `"${key}" cannot be the name of a field` }]
    const inName = textHazard(key).map(message => ({ field, message: `the name of a field ${message}` }))
    return inName.length > 0 ? inName : findHazards(inner, [...path, key])
  })
}

function textHazard(text: string): string[] {
  if (text.includes('\0')) return ['contains the character U+0000, which cannot be stored']
  return text.isWellFormed() ? [] : ['contains half a surrogate pair, which is no character']
}

function numberHazard(number: number): string[] {
  if (!Number.isFinite(number)) return ['is too large for a number']
  if (Number.isInteger(number) && !Number.isSafeInteger(number)) {
    return ['is too large to be kept exactly as a number: write it as a text']
  }
  return []
}
