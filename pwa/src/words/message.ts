// What a message is: a whole sentence, in which {name} is replaced by a fact; one that counts has a form for one and one for others.
export interface Plural {
  readonly one: string
  readonly other: string
}
export type Message = string | Plural

/** The same messages in another language: none missing, none more. Who counts in English counts here; others may. */
export type Like<Part> = { readonly [K in keyof Part]: Part[K] extends string ? Message : Plural }
