import { z } from 'zod'
import { factSchema } from '../../domain/fact.ts'
import { orderNoText } from '../../domain/order/order-request.ts'
import type { ApiDependencies } from '../dependencies.ts'
import { invalid } from '../http/problem.ts'
import { type Route, route } from '../http/route.ts'
import { reportFact } from '../orders/report-fact.ts'
import { orderNoParameter } from '../schemas/parameter-schemas.ts'

const factAnswerSchema = z.object({
  state: z
    .enum(['taken', 'parked'])
    .describe('parked: kept until there is such an order; one that is closed takes none'),
})

export function factRoutes(deps: ApiDependencies): Route[] {
  return [
    route({
      method: 'post',
      path: '/api/orders/{orderNo}/facts',
      tag: 'Orders',
      summary: 'Report what an outside system says of an order; the same id again changes nothing',
      params: { orderNo: orderNoParameter },
      body: factSchema,
      answers: { 202: { description: 'It is kept', schema: factAnswerSchema } },
      problems: ['not_permitted'],
      async handle({ identity, params: { orderNo = '' }, body, log }) {
        const named = orderNoText.safeParse(orderNo)
        if (!named.success) throw invalid([{ field: 'orderNo', message: named.error.issues[0]?.message ?? 'invalid' }])
        log.setBindings({ fact: body.type })
        const { organisation } = identity
        const state = await reportFact(deps, identity, { organisation, orderNo }, body, log)
        deps.metrics.facts.inc({ state })
        return { status: 202, body: { state } }
      },
    }),
  ]
}
