// Deutsch: der Plan einer Welle.
import type { Like } from './message'
import type { plan as english } from './plan.en'

export const plan: Like<typeof english> = {
  'place.plan': 'Plan',
  'drawn.again': 'Neu planen',
  'drawn.again.how': 'Seither reservierte Aufträge kommen dazu.',
  'drawn.bins': 'Fächer in Laufreihenfolge',
  'drawn.late': 'zu spät',
  'drawn.late.none': 'pünktlich',
  'drawn.lines': { one: '{n} Position', other: '{n} Positionen' },
  'drawn.map': 'Das Lager mit dem Weg von Aufgabe {n}',
  'drawn.map.all': 'Das Lager mit allen Wegen',
  'drawn.minutes': '{n} min',
  'drawn.none': 'Kein Plan zu sehen',
  'drawn.none.how': 'Er wird gerade gemacht, oder die Welle ist weg.',
  'drawn.open': 'Plan ansehen',
  'drawn.pickers': { one: 'Arbeit, für {n} Kommissionierer', other: 'Arbeit, für {n} Kommissionierer' },
  'drawn.saved': '{n} % weniger',
  'drawn.saved.how': 'als {way} in der Reihenfolge des Eingangs',
  'drawn.task': 'Aufgabe {n}',
  'drawn.totes': { one: '{n} Behälter', other: '{n} Behälter' },
  'drawn.walk': 'Weg',
  'drawn.walks': 'Aufgaben des Plans',
}
