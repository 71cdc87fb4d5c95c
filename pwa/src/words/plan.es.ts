// Español: el plan de una oleada.
import type { Like } from './message'
import type { plan as english } from './plan.en'

export const plan: Like<typeof english> = {
  'place.plan': 'Plan',
  'drawn.again': 'Planificar de nuevo',
  'drawn.again.how': 'Se suman los pedidos asignados desde entonces.',
  'drawn.bins': 'Ubicaciones en orden de recorrido',
  'drawn.late': 'tarde',
  'drawn.late.none': 'a tiempo',
  'drawn.lines': { one: '{n} línea', other: '{n} líneas' },
  'drawn.map': 'La planta con el recorrido de la tarea {n}',
  'drawn.map.all': 'La planta con todos los recorridos',
  'drawn.minutes': '{n} min',
  'drawn.none': 'No hay plan que ver',
  'drawn.none.how': 'Se está haciendo, o la oleada ya no está.',
  'drawn.open': 'Ver el plan',
  'drawn.pickers': { one: 'de trabajo, para {n} persona', other: 'de trabajo, para {n} personas' },
  'drawn.saved': '{n} % menos',
  'drawn.saved.how': 'que {way} por orden de llegada',
  'drawn.task': 'Tarea {n}',
  'drawn.totes': { one: '{n} cubeta', other: '{n} cubetas' },
  'drawn.walk': 'por andar',
  'drawn.walks': 'Tareas del plan',
}
