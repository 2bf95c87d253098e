import { z } from 'zod'
import { storableTime } from '../orders/read-fact.ts'

export const orderNoParameter = z.string().describe('1 to 64 letters, digits, ".", "_" or "-"')

const wholeNumber = z.string().regex(/^\d{1,9}$/, 'a whole number')

/** How many at most, where nothing is said `usually` many. */
export function limitUpTo(most: number, usually: number) {
  const bounds = `from 1 to ${most}`
  return wholeNumber
    .transform(Number)
    .pipe(z.int().min(1, bounds).max(most, bounds))
    .default(usually)
    .describe(`how many at most, ${bounds}`)
}

export const pageQuery = {
  limit: limitUpTo(200, 50),
  cursor: z.string().max(1000).optional().describe('nextCursor of the page before'),
}

export const seqQuery = wholeNumber.transform(Number)

export const flag = z.enum(['true', 'false'], 'true or false').transform(value => value === 'true')

export const timeQuery = z.iso
  .datetime({ offset: true, error: 'a time like 2026-03-02T02:00:00Z' })
  .refine(value => storableTime(value) !== undefined, 'a time from the year 1 on')
  .transform(value => new Date(value).toISOString())
