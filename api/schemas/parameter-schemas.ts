import { z } from 'zod'
import { storableTime } from '../orders/read-fact.ts'

export const orderNoParameter = z.string().describe('1 to 64 letters, digits, ".", "_" or "-"')

const wholeNumber = z.string().regex(/^\d{1,9}$/, 'a whole number')

export const pageQuery = {
  limit: wholeNumber
    .transform(Number)
    .pipe(z.int().min(1, 'from 1 to 200').max(200, 'from 1 to 200'))
    .default(50)
    .describe('how many at most'),
  cursor: z.string().max(1000).optional().describe('nextCursor of the page before'),
}

export const seqQuery = wholeNumber.transform(Number)

export const flag = z.enum(['true', 'false'], 'true or false').transform(value => value === 'true')

export const timeQuery = z.iso
  .datetime({ offset: true, error: 'a time like 2026-03-02T02:00:00Z' })
  .refine(value => storableTime(value) !== undefined, 'a time from the year 1 on')
  .transform(value => new Date(value).toISOString())
