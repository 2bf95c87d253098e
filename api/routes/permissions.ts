import { z } from 'zod'
import type { Identity } from '../../domain/permission/caller.ts'
import { matrixSchema } from '../../domain/permission/permission.ts'
import type { MatrixRow } from '../../store/matrices.ts'
import type { ApiDependencies } from '../dependencies.ts'
import { Problem } from '../http/problem.ts'
import { type Answer, type Route, route } from '../http/route.ts'
import { type Judged, judgePermissions } from '../permissions/judge-permissions.ts'
import { pageOf } from '../schemas/list-schemas.ts'
import {
  type MatrixVersionBody,
  matrixBodySchema,
  matrixSummarySchema,
  matrixVersionSchema,
  permissionReportSchema,
} from '../schemas/permission-schemas.ts'
import { formats, publishers } from './processes.ts'

export function permissionRoutes(deps: ApiDependencies): Route[] {
  return [listRoute(deps), matrixRoute(deps), publishRoute(deps), checkRoute(deps)]
}

function listRoute(deps: ApiDependencies): Route {
  return route({
    method: 'get',
    path: '/api/permissions',
    tag: 'Permissions',
    summary: 'The permission matrices: who may do what in which status',
    answers: { 200: { description: 'All of them', schema: pageOf(matrixSummarySchema) } },
    problems: [],
    async handle({ identity }) {
      const rows = await deps.store.listMatrices(identity.organisation)
      const items = [...Map.groupBy(rows, row => row.matrix)].map(([matrix, versions]) => ({
        matrix,
        version: versions[0]!.version,
        versions: versions.map(({ version }) => version),
      }))
      return { status: 200, body: { items, nextCursor: null } }
    },
  })
}

function matrixRoute(deps: ApiDependencies): Route {
  return route({
    method: 'get',
    path: '/api/permissions/{matrix}',
    tag: 'Permissions',
    summary: "Today's version of a matrix, and those before",
    params: { matrix: z.string().describe('name of a matrix') },
    async find({ matrix = '' }, { organisation }) {
      const rows = await deps.store.listMatrices(organisation, matrix.replaceAll('\0', ''))
      if (rows.length === 0) throw new Problem('not_found', `there is no matrix ${matrix}`)
      return rows
    },
    answers: { 200: { description: 'The matrix', schema: matrixBodySchema } },
    problems: ['not_found'],
    async handle({ found }) {
      const versions = found.map(versionBody)
      const { matrix, version, commands } = versions[0]!
      return { status: 200, body: { matrix, version, commands, versions } }
    },
  })
}

function versionBody({ matrix, version, document, publishedAt, publishedBy }: MatrixRow): MatrixVersionBody {
  return { matrix, version, publishedAt, publishedBy, commands: document.commands as MatrixVersionBody['commands'] }
}

function publishRoute(deps: ApiDependencies): Route {
  return route({
    method: 'post',
    path: '/api/permissions',
    tag: 'Permissions',
    summary:
      "Publish a version of a matrix, if the check lets it through: it is today's at once, for running orders too",
    textBody: { formats, schema: matrixSchema },
    answers: {
      201: { description: "The version, now today's", schema: matrixVersionSchema },
      200: { description: 'The version, which had been published before', schema: matrixVersionSchema },
    },
    problems: ['not_permitted', 'check_failed', 'version_conflict'],
    handle: ({ identity, body }) => publish(deps, identity, body as unknown as string),
  })
}

async function publish(deps: ApiDependencies, identity: Identity, text: string): Promise<Answer> {
  const { report, matrix } = await judge(deps, identity, text)
  if (matrix === undefined || report.result !== 'proven') {
    const { result, problems } = report
    throw new Problem('check_failed', `the check says "${result}": ${problems.length} problems`, { report })
  }
  if (!identity.roles.some(role => publishers.includes(role))) {
    throw new Problem('not_permitted', `a matrix is published by ${publishers.join(' or ')}`)
  }
  const { organisation, actor } = identity
  const { matrix: name, version } = matrix
  const publication = await deps.store.publishMatrix({
    ...{ organisation, matrix: name, version, document: matrix },
    ...{ publishedAt: deps.clock().toISOString(), publishedBy: actor },
  })
  deps.matrices.forget()
  const rows = await deps.store.listMatrices(organisation, name)
  switch (publication) {
    case 'conflict':
      throw new Problem('version_conflict', `version ${version} of "${name}" is another matrix; raise the version`)
    case 'low':
      throw new Problem('version_conflict', `version ${version} of "${name}" is below today's ${rows[0]?.version}`)
    case 'published':
    case 'known':
      return {
        status: publication === 'published' ? 201 : 200,
        body: versionBody(rows.find(row => row.version === version)!),
      }
    default:
      return publication satisfies never
  }
}

function checkRoute(deps: ApiDependencies): Route {
  return route({
    method: 'post',
    path: '/api/permissions/check',
    tag: 'Permissions',
    summary: 'What is wrong with a matrix, and whether an order of a process that goes by it could be left in limbo',
    textBody: { formats, schema: matrixSchema },
    answers: { 200: { description: 'What the check says', schema: permissionReportSchema } },
    problems: [],
    async handle({ identity, body }) {
      return { status: 200, body: (await judge(deps, identity, body as unknown as string)).report }
    },
  })
}

async function judge(deps: ApiDependencies, { organisation }: Identity, text: string): Promise<Judged> {
  const { store, people, matrices, environment, clock, check } = deps
  const judging = {
    ...{ store, organisation, at: clock().toISOString(), directory: await people.today() },
    anyRole: environment.auth.oidc?.rolesClaim !== undefined,
    matrices: (await matrices.today())(organisation),
    check: (document: unknown, tried: Parameters<typeof check>[2]) =>
      check(JSON.stringify(document), organisation, tried),
  }
  return judgePermissions(judging, text)
}
