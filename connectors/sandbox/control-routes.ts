import { type RequestHandler, Router } from 'express'
import { z } from 'zod'
import { autoBody, deliverBody, orderBody, payBody } from './body.ts'
import { faultsBody } from './faults.ts'
import type { Sandbox } from './sandbox.ts'

const ledgerQuery = z.strictObject({ orderNo: z.string().min(1).optional() })

/** For whoever plays the world: faults, what the world does by itself, and what took effect. No fault strikes here. */
export function controlRoutes(sandbox: Sandbox): Router {
  const { book, faults } = sandbox
  const router = Router()

  router.get('/ledger', async (request, response) => {
    const { orderNo } = ledgerQuery.parse(request.query)
    response.json(await sandbox.whenDurable(() => book.ledger(orderNo)))
  })

  router.get('/faults', (_request, response) => {
    response.json(faults.settings)
  })
  router.put('/faults', (request, response) => {
    faults.set(faultsBody.parse(request.body))
    response.json(faults.settings)
  })

  router.post('/deliver', async (request, response) => {
    const { parcel, ...order } = deliverBody.parse(request.body)
    response.json(await sandbox.whenDurable(() => sandbox.deliver(order, parcel)))
  })
  router.post('/pay', async (request, response) => {
    const body = payBody.parse(request.body)
    const key = request.get('idempotency-key')
    response.json(await sandbox.whenDurable(() => sandbox.pay(body, key)))
  })
  router.post('/stock/arrive', async (request, response) => {
    const body = orderBody.parse(request.body)
    response.json(await sandbox.whenDurable(() => sandbox.arrive(body)))
  })

  const setAuto: RequestHandler = (request, response) => {
    const { deliverAfterMs } = autoBody.parse(request.body)
    sandbox.deliverByItself(deliverAfterMs)
    response.json({ deliverAfterMs })
  }
  router.put('/auto', setAuto)
  router.post('/auto', setAuto)

  return router
}
