// Français : le plan d’une vague.
import type { Like } from './message'
import type { plan as english } from './plan.en'

export const plan: Like<typeof english> = {
  'place.plan': 'Plan',
  'drawn.again': 'Replanifier',
  'drawn.again.how': 'Les commandes affectées depuis rejoignent le plan.',
  'drawn.bins': 'Emplacements dans l’ordre du parcours',
  'drawn.late': 'de retard',
  'drawn.late.none': 'à l’heure',
  'drawn.lines': { one: '{n} ligne', other: '{n} lignes' },
  'drawn.map': 'Le plateau avec le parcours de la tâche {n}',
  'drawn.map.all': 'Le plateau avec tous les parcours',
  'drawn.minutes': '{n} min',
  'drawn.none': 'Pas de plan à voir',
  'drawn.none.how': 'Il est en cours, ou la vague n’est plus là.',
  'drawn.open': 'Voir le plan',
  'drawn.pickers': { one: 'de travail, pour {n} personne', other: 'de travail, pour {n} personnes' },
  'drawn.saved': '{n} % de moins',
  'drawn.saved.how': 'que {way} dans l’ordre d’arrivée',
  'drawn.task': 'Tâche {n}',
  'drawn.totes': { one: '{n} bac', other: '{n} bacs' },
  'drawn.walk': 'à marcher',
  'drawn.walks': 'Tâches du plan',
}
