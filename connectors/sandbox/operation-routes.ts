import { setTimeout as pause } from 'node:timers/promises'
import { type Request, type Response, Router } from 'express'
import { z } from 'zod'
import { goodsBody, moneyBody, orderBody, refundBody, shipmentBody, undoBody } from './body.ts'
import { kinds } from './entry.ts'
import { lookUp, type Operation } from './operate.ts'
import { Refusal } from './refusal.ts'
import type { Sandbox } from './sandbox.ts'

const longestHoldMs = 60_000

const operations: Readonly<Record<string, (body: unknown) => Operation>> = {
  '/payments/authorise': body => ({ kind: 'authorise', body: moneyBody.parse(body) }),
  '/payments/void': body => ({ kind: 'void', body: undoBody.parse(body) }),
  '/payments/capture': body => ({ kind: 'capture', body: moneyBody.parse(body) }),
  '/payments/refund': body => ({ kind: 'refund', body: refundBody.parse(body) }),
  '/stock/reserve': body => ({ kind: 'reserve', body: goodsBody.parse(body) }),
  '/stock/release': body => ({ kind: 'release', body: undoBody.parse(body) }),
  '/shipments': body => ({ kind: 'ship', body: shipmentBody.parse(body) }),
  '/shipments/recall': body => ({ kind: 'recall', body: undoBody.parse(body) }),
}

const key = z.string({ error: 'is missing' }).min(1).max(180)
const keyHeader = z.object({ 'idempotency-key': key })
const parcelStatus = z.enum(['in_transit', 'delivered', 'recalled'])
const parcelQuery = z.strictObject({ ...orderBody.shape, status: parcelStatus.optional() })

/** What the order system asks of warehouse, carrier and bank; the faults strike here. */
export function operationRoutes(sandbox: Sandbox): Router {
  const { book, faults } = sandbox

  const strike = async (orderNo: string, subject: string): Promise<void> => {
    const latencyMs = faults.latencyMs(orderNo)
    if (latencyMs > 0) await pause(latencyMs)
    if (faults.refuses(orderNo, subject)) throw new Refusal(503, 'unavailable', 'try again later')
  }

  const router = Router()
  for (const [path, parse] of Object.entries(operations)) {
    router.post(path, async (request: Request, response: Response) => {
      const { 'idempotency-key': key } = keyHeader.parse(request.headers)
      const operation = parse(request.body)
      const { orderNo } = operation.body
      const subject = `${operation.kind} ${key}`
      await strike(orderNo, subject)
      const answer = await sandbox.whenDurable(() => sandbox.operate(operation, key))
      if (faults.neverAnswers(orderNo, subject)) return leaveHanging(response)
      response.json(answer)
    })
  }

  router.get('/operations/:kind', async (request, response) => {
    const kind = z.enum(kinds).parse(request.params.kind)
    const { key: asked } = z.strictObject({ key }).parse(request.query)
    await strike(book.done(kind, asked)?.orderNo ?? '', request.originalUrl)
    const answer = await sandbox.whenDurable(() => lookUp(book, kind, asked))
    if (!answer) throw new Refusal(404, 'not_found', `nothing was done by ${asked}`)
    response.json(answer)
  })

  router.get('/parcels', async (request, response) => {
    const { organisation, orderNo, status } = parcelQuery.parse(request.query)
    await strike(orderNo, request.originalUrl)
    const parcels = await sandbox.whenDurable(() => book.parcelsOf(organisation, orderNo))
    response.json({ parcels: parcels.filter(parcel => status === undefined || parcel.status === status) })
  })

  router.get('/parcels/:id', async (request, response) => {
    const { id } = request.params
    await strike(book.parcel(id)?.orderNo ?? '', request.originalUrl)
    const parcel = await sandbox.whenDurable(() => book.parcel(id))
    if (!parcel) throw new Refusal(404, 'not_found', `no parcel ${id}`)
    response.json(parcel)
  })

  return router
}

/** Done, but nobody hears of it: the connection stays open until the client gives up. */
function leaveHanging(response: Response): void {
  const timer = setTimeout(() => response.destroy(), longestHoldMs)
  response.on('close', () => clearTimeout(timer))
}
