import { describe, expect, test } from 'vitest'
import { messagesIn } from '../../../site/src/i18n/messages.ts'
import { languages } from '../../../site/src/model/locale.ts'

const english = messagesIn('en')
const places = (sentence: string) => [...sentence.matchAll(/\{(\w+)\}/g)].map(([place]) => place).sort()

describe('the sentences of the site', () => {
  test.each(languages)('%s has every key and no other', (language) => {
    expect(Object.keys(messagesIn(language)).sort()).toEqual(Object.keys(english).sort())
  })

  test.each(languages)('%s leaves no sentence empty and fills the same places', (language) => {
    const messages = messagesIn(language)
    const different = Object.entries(english).filter(([key, sentence]) => {
      const own = messages[key as keyof typeof messages]
      return own.trim() === '' || places(own).join() !== places(sentence).join()
    })
    expect(different).toEqual([])
  })

  test('no language repeats another where it should translate', () => {
    const same = Object.entries(english).filter(
      ([key, sentence]) => sentence.length > 25 && messagesIn('nl')[key as keyof typeof english] === sentence,
    )
    expect(same).toEqual([])
  })
})
