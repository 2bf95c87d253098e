import { z } from 'zod'
import { parseDuration } from './parse-duration.ts'

export { type Duration, parseDuration, wallMs } from './parse-duration.ts'

export const durationText = z
  .string()
  .refine(
    text => parseDuration(text) !== undefined,
    'a duration is written like "90s", "2h", "3d" or "1h30m" and is longer than nothing; "!" at its end means wall-clock time',
  )
