import { z } from 'zod'
import { readYaml } from '../../config/read-yaml.ts'
import { type Definition, definitionSchema } from '../../domain/definition/definition-schema.ts'
import type { Identity } from '../../domain/permission/caller.ts'
import type { DefinitionRow } from '../../store/definitions.ts'
import type { ApiDependencies } from '../dependencies.ts'
import { invalid, Problem } from '../http/problem.ts'
import { type Answer, type Route, route } from '../http/route.ts'
import { pageOf } from '../schemas/list-schemas.ts'
import {
  checkReportSchema,
  type ProcessBody,
  processSchema,
  type VersionBody,
  versionSchema,
} from '../schemas/process-schemas.ts'

/** A definition comes as its owner writes it: the check names lines. */
export const formats = ['application/yaml', 'text/yaml', 'application/x-yaml', 'text/plain', 'application/json']
export const publishers = ['process-owner', 'admin']
const processParameter = z.string().describe('id of a process')

export function processRoutes(deps: ApiDependencies): Route[] {
  return [listRoute(deps), versionsRoute(deps), publishRoute(deps), checkRoute(deps)]
}

function listRoute(deps: ApiDependencies): Route {
  return route({
    method: 'get',
    path: '/api/processes',
    tag: 'Processes',
    summary: 'The processes that orders can be placed for',
    answers: { 200: { description: 'All of them', schema: pageOf(processSchema) } },
    problems: [],
    async handle({ identity }) {
      const rows = await deps.store.listDefinitions(identity.organisation)
      const items = [...Map.groupBy(rows, row => row.processId)].map(([id, versions]) => processBody(id, versions))
      return { status: 200, body: { items, nextCursor: null } }
    },
  })
}

function processBody(id: string, versions: readonly DefinitionRow[]): ProcessBody {
  const live = versions.find(row => row.state === 'live')
  const { title, owner } = (live ?? versions[0]!).document as Definition
  return { id, title, owner, live: live?.version ?? null, versions: versions.map(row => row.version) }
}

function versionsRoute(deps: ApiDependencies): Route {
  return route({
    method: 'get',
    path: '/api/processes/{id}/versions',
    tag: 'Processes',
    summary: 'The versions of a process, newest first',
    params: { id: processParameter },
    async find({ id = '' }, { organisation }) {
      const rows = await deps.store.listDefinitions(organisation, id.replaceAll('\0', ''))
      if (rows.length === 0) throw new Problem('not_found', `there is no process ${id}`)
      return rows
    },
    answers: { 200: { description: 'All of them', schema: pageOf(versionSchema) } },
    problems: ['not_found'],
    async handle({ found }) {
      return { status: 200, body: { items: found.map(versionBody), nextCursor: null } }
    },
  })
}

function versionBody({ processId, version, state, publishedAt, document }: DefinitionRow): VersionBody {
  return { process: processId, version, state, publishedAt, definition: document as VersionBody['definition'] }
}

function publishRoute(deps: ApiDependencies): Route {
  return route({
    method: 'post',
    path: '/api/processes/{id}/versions',
    tag: 'Processes',
    summary: 'Publish a version, if the check lets it through: new orders get it',
    params: { id: processParameter },
    textBody: { formats, schema: definitionSchema },
    answers: {
      201: { description: 'The version, now live', schema: versionSchema },
      200: { description: 'The version, which had been published before', schema: versionSchema },
    },
    problems: ['not_permitted', 'check_failed', 'version_conflict'],
    handle: ({ identity, params: { id = '' }, body }) => publish(deps, identity, id, body as unknown as string),
  })
}

async function publish(deps: ApiDependencies, identity: Identity, id: string, text: string): Promise<Answer> {
  const report = await checked(deps, identity, text)
  if (report.result !== 'proven') {
    throw new Problem('check_failed', `the check says "${report.result}": ${report.problems.length} problems`, {
      report,
    })
  }
  const definition = definitionSchema.parse(readYaml(text).value)
  if (definition.process !== id)
    throw invalid([{ field: 'process', message: `is "${definition.process}", not "${id}"` }])
  if (!identity.roles.some(role => publishers.includes(role))) {
    throw new Problem('not_permitted', `a process is published by ${publishers.join(' or ')}`)
  }
  const { organisation } = identity
  const { version } = definition
  const insertion = await deps.store.insertDefinition({ organisation, processId: id, version, document: definition })
  if (insertion === 'conflict') {
    throw new Problem('version_conflict', `version ${version} of "${id}" is another definition; raise the version`)
  }
  await deps.store.setDefinitionState(organisation, id, version, 'live', deps.clock().toISOString())
  const row = await deps.store.getDefinition(organisation, id, version)
  return { status: insertion === 'stored' ? 201 : 200, body: versionBody(row!) }
}

function checkRoute(deps: ApiDependencies): Route {
  return route({
    method: 'post',
    path: '/api/processes/check',
    tag: 'Processes',
    summary: 'Whether an order of this process could ever be left in limbo',
    textBody: { formats, schema: definitionSchema },
    answers: { 200: { description: 'What the check says', schema: checkReportSchema } },
    problems: [],
    async handle({ identity, body }) {
      return { status: 200, body: await checked(deps, identity, body as unknown as string) }
    },
  })
}

async function checked({ check, matrices }: ApiDependencies, { organisation }: Identity, text: string) {
  return check(text, organisation, (await matrices.today())(organisation))
}
