import express, { type Express } from 'express'
import helmet from 'helmet'
import { processCatalogue } from '../commands/process-catalogue.ts'
import { keepDirectory } from '../store/kept-directory.ts'
import { keepMatrices } from '../store/kept-matrices.ts'
import { authenticator } from './auth/authenticate.ts'
import { knownKeys } from './auth/known-keys.ts'
import type { ApiDependencies, AppDependencies } from './dependencies.ts'
import { answerError, answerMethodNotAllowed, answerNotFound } from './http/answer-errors.ts'
import { handle } from './http/handle.ts'
import { logRequests } from './http/log-requests.ts'
import { rates } from './http/rates.ts'
import type { Route } from './http/route.ts'
import { inTurn } from './orders/in-turn.ts'
import { attemptRoutes } from './routes/attempts.ts'
import { auditRoutes } from './routes/audit.ts'
import { boardRoutes } from './routes/board.ts'
import { bulkRoutes } from './routes/bulk.ts'
import { commandRoutes } from './routes/commands.ts'
import { exceptionRoutes } from './routes/exceptions.ts'
import { factRoutes } from './routes/facts.ts'
import { healthRoutes } from './routes/health.ts'
import { journalRoutes } from './routes/journal.ts'
import { keyRoutes } from './routes/keys.ts'
import { withOpenApi } from './routes/openapi.ts'
import { singleOrderRoutes } from './routes/order.ts'
import { orderRoutes } from './routes/orders.ts'
import { peopleRoutes } from './routes/people.ts'
import { permissionRoutes } from './routes/permissions.ts'
import { processRoutes } from './routes/processes.ts'
import { taskRoutes } from './routes/tasks.ts'

/** The HTTP API (DESIGN section 7) as an Express application, and what else of the API works with the same parts. */
export interface App {
  readonly express: Express
  readonly routes: readonly Route[]
  readonly deps: ApiDependencies
}

/** Strict enough for a page of our own beside the API: it may load what is ours, and stand in nobody's frame. */
const securityHeaders = helmet({
  contentSecurityPolicy: {
    useDefaults: false,
    directives: {
      defaultSrc: ["'self'"],
      imgSrc: ["'self'", 'data:'],
      objectSrc: ["'none'"],
      baseUri: ["'none'"],
      formAction: ["'self'"],
      frameAncestors: ["'none'"],
    },
  },
  frameguard: { action: 'deny' },
  // Other names of the same domain are not ours to speak for.
  strictTransportSecurity: { includeSubDomains: false },
})

export function createApp({ temporalUiUrl, ...given }: AppDependencies): App {
  const { processes, environment, store, clock, logger } = given
  const people = keepDirectory(store, processes.directory)
  const matrices = keepMatrices(store, processes.matrices)
  const keys = knownKeys(store, clock, logger)
  const deps: ApiDependencies = {
    ...given,
    keys,
    authenticate: authenticator({ ...environment, directory: people.today, keys, clock, logger }),
    rates: rates(environment.rateLimits, clock),
    catalogue: processCatalogue(processes, store, matrices),
    inTurn: inTurn(),
    people,
    matrices,
    ...(temporalUiUrl === undefined
      ? {}
      : { temporalUi: { url: temporalUiUrl, namespace: environment.temporal.namespace } }),
  }
  const routes = withOpenApi([
    ...orderRoutes(deps),
    ...singleOrderRoutes(deps),
    ...journalRoutes(deps),
    ...attemptRoutes(deps),
    ...commandRoutes(deps),
    ...bulkRoutes(deps),
    ...factRoutes(deps),
    ...taskRoutes(deps),
    ...peopleRoutes(deps),
    ...exceptionRoutes(deps),
    ...boardRoutes(deps),
    ...processRoutes(deps),
    ...permissionRoutes(deps),
    ...auditRoutes(deps),
    ...keyRoutes(deps),
    ...healthRoutes(deps),
  ])
  const app = express()
  app.disable('x-powered-by').disable('etag')
  app.use(securityHeaders)
  app.use(logRequests(deps.logger, deps.metrics))
  for (const row of routes) app[row.method](expressPath(row.path), handle(row, deps))
  for (const [path, rows] of Map.groupBy(routes, row => row.path)) {
    app.all(expressPath(path), answerMethodNotAllowed(rows.map(row => row.method)))
  }
  app.use(answerNotFound)
  app.use(answerError)
  return { express: app, routes, deps }
}

function expressPath(path: string): string {
  return path.replaceAll(/\{(\w+)\}/g, ':$1')
}
