import type { Refusal, RefusalCode } from '../input.ts'

export function refuse(code: RefusalCode, message: string, field?: string): Refusal {
  return { ok: false, code, message, ...(field === undefined ? {} : { field }) }
}
