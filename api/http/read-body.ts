import express, { type Request, type Response } from 'express'
import { Problem } from './problem.ts'

export const largestBodyBytes = 1_048_576

const read = express.raw({ type: () => true, limit: largestBodyBytes })

/** The text of a body in one of these formats, in UTF-8; `''` where there is none. @throws Problem 400, 413 or 415 */
export async function readText(request: Request, response: Response, formats: readonly string[]): Promise<string> {
  const format = formatOf(request)
  await new Promise<void>((resolve, reject) => read(request, response, error => (error ? reject(error) : resolve())))
  const body: unknown = request.body
  if (!Buffer.isBuffer(body) || body.length === 0) return ''
  if (!formats.includes(format.type)) {
    throw new Problem('unsupported_media_type', `send ${formats.join(' or ')}, not ${format.type || 'nothing'}`)
  }
  if (format.charset !== 'utf-8' && format.charset !== 'utf8') {
    throw new Problem('unsupported_media_type', `send UTF-8, not ${format.charset}`)
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(body)
  } catch {
    throw new Problem('malformed_json', 'the body is not UTF-8')
  }
}

function formatOf(request: Request): { type: string; charset: string } {
  const [type = '', ...parameters] = (request.headers['content-type'] ?? '').toLowerCase().split(';')
  const charset = parameters.map(parameter => /^\s*charset="?([^"\s]+)"?\s*$/.exec(parameter)?.[1]).find(Boolean)
  return { type: type.trim(), charset: charset ?? 'utf-8' }
}

/** @throws Problem malformed_json */
export function parseJson(text: string): unknown {
  if (text.trim() === '') throw new Problem('malformed_json', 'the body is empty')
  try {
    return JSON.parse(text)
  } catch (error) {
    throw new Problem('malformed_json', `the body is not JSON: ${(error as Error).message}`)
  }
}
