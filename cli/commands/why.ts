import { parseArgs } from 'node:util'
import { readEnvironment } from '../../config/environment.ts'

const usage = `usage: nolimbo why ORDER [--lang en|zh] [--json]

Asks the API on HOST and PORT why an order is where it is. NOLIMBO_KEY: the key to ask with (default: demo-qin).`

const languages = ['en', 'zh'] as const
type Language = (typeof languages)[number]

/** The parts of `GET /api/orders/{orderNo}/why` that are printed. */
interface Answer {
  readonly text: string
  readonly textZh: string
  readonly attempts: readonly { operation: string; attempt?: number; lastError?: string; giveUpAt: string }[]
  readonly can: readonly {
    type: string
    step?: string
    to?: string
    hold?: string
    by: readonly string[]
    means?: Record<Language, string>
  }[]
  readonly detail?: string
}

/** `nolimbo why ORDER`: one paragraph, then what was tried and who can do what, with what it would mean. */
export async function run(args: readonly string[]): Promise<number> {
  const asked = readArguments(args)
  if (asked === undefined) {
    console.error(usage)
    return 2
  }
  const { host, port } = readEnvironment(process.env)
  const url = `http://${host}:${port}/api/orders/${encodeURIComponent(asked.orderNo)}/why`
  const headers = { authorization: `Bearer ${process.env.NOLIMBO_KEY ?? 'demo-qin'}` }
  const response = await fetch(url, { headers }).catch((error: Error) => error)
  if (response instanceof Error) {
    console.error(`the API does not answer at http://${host}:${port}: is nolimbo running there?`)
    return 1
  }
  const answer = (await response.json()) as Answer
  if (!response.ok) {
    console.error(answer.detail ?? `the API answered ${response.status}`)
    return 1
  }
  if (asked.json) console.log(JSON.stringify(answer, null, 2))
  else print(answer, asked.lang)
  return 0
}

function print({ text, textZh, attempts, can }: Answer, lang: Language): void {
  console.log(lang === 'zh' ? textZh : text)
  for (const { operation, attempt, lastError, giveUpAt } of attempts) {
    const tried = attempt === undefined ? 'under way' : `attempt ${attempt}`
    console.log(`  ${operation}: ${tried}${lastError === undefined ? '' : `, ${lastError}`}; given up at ${giveUpAt}`)
  }
  for (const { type, step, to, hold, by, means } of can) {
    const command = [type, step ?? hold, ...(to === undefined ? [] : ['to', to])].filter(Boolean).join(' ')
    console.log(`  ${command}: ${by.join(', ')}`)
    if (means !== undefined) console.log(`    ${means[lang]}`)
  }
}

function readArguments(args: readonly string[]): { orderNo: string; lang: Language; json: boolean } | undefined {
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { lang: { type: 'string', default: 'en' }, json: { type: 'boolean', default: false } },
    })
    const [orderNo, ...extra] = positionals
    const lang = languages.find(known => known === values.lang)
    return orderNo === undefined || lang === undefined || extra.length > 0
      ? undefined
      : { orderNo, lang, json: values.json }
  } catch {
    return undefined
  }
}
