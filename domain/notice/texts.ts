import { z } from 'zod'
import { identifier } from '../definition/definition-schema.ts'
import { type Language, languages } from './channels-schema.ts'

/*
 * The texts of notices as data (`processes/texts.yaml`): what people read, in each language, by what it is about.
 */

/** What a text may name in braces. */
export const textFields = [
  'orderNo',
  'organisation',
  'process',
  'customer',
  'status',
  'step',
  'owner',
  'dueAt',
  'person',
  'reason',
  'at',
] as const
export type TextField = (typeof textFields)[number]

/** Of the message that stands for several notices; `list` has a line for each. */
const digestFields = ['count', 'list', 'person'] as const

/** Abouts that must have a text. Whatever else notices are about has `other`, unless it has a text of its own. */
const required = [
  'entered',
  'remind',
  'escalate',
  'transfer',
  'review',
  'hold',
  'undelivered',
  'last-resort',
  'exception',
  'other',
  'digest',
] as const

const placeholder = /\{([^{}]*)\}/g

const wording = z.strictObject({ subject: z.string().min(1).max(200), text: z.string().min(1).max(4000) })
const inEachLanguage = z.strictObject(
  Object.fromEntries(languages.map(language => [language, wording])) as {
    [L in Language]: typeof wording
  },
)

export const textsSchema = z
  .strictObject({ texts: z.record(identifier, inEachLanguage) })
  .superRefine(({ texts }, context) => {
    const problem = (path: PropertyKey[], message: string) =>
      context.addIssue({ code: 'custom', path: ['texts', ...path], message })
    for (const about of required) if (!Object.hasOwn(texts, about)) problem([], `a text for "${about}" is missing`)
    for (const [about, text] of Object.entries(texts)) {
      const known: readonly string[] = about === 'digest' ? digestFields : textFields
      for (const language of languages) {
        for (const part of ['subject', 'text'] as const) {
          for (const [, field] of text[language][part].matchAll(placeholder)) {
            if (known.includes(field!)) continue
            problem([about, language, part], `no notice has "${field}"; there are ${known.join(', ')}`)
          }
        }
      }
    }
  })
export type Texts = z.infer<typeof textsSchema>['texts']

export interface Wording {
  readonly subject: string
  readonly text: string
}

/** The text about something, with what it names put in. What is not known is a dash. */
export function wordingOf(
  texts: Texts,
  about: string,
  language: Language,
  fields: Readonly<Record<string, string | undefined>>,
): Wording {
  const { subject, text } = (Object.hasOwn(texts, about) ? texts[about]! : texts.other!)[language]
  const fill = (template: string) => template.replace(placeholder, (_, field: string) => fields[field] ?? '-')
  // A subject is one line, whatever an order's data hold.
  return { subject: fill(subject).replace(/[\r\n]+/g, ' '), text: fill(text) }
}
