// Français : le poste d’emballage, ses touches, sa balance, son imprimante.
import type { Like } from './message'
import type { station as english } from './station.en'

export const station: Like<typeof english> = {
  'notice.LabelStuck': 'Une étiquette n’est pas imprimée. Voyez au poste d’emballage.',
  'pack.lacking': 'Pas là',
  'scale.connect.hid': 'Connecter une balance USB',
  'scale.connect.serial': 'Connecter une balance série',
  'scale.empty': 'Mettez le colis sur la balance',
  'ship.number': 'Tapez le numéro du transporteur',
  'station.scan': 'Scannez le poste, ou tapez son numéro',
  'stuck.elsewhere': 'Imprimer à {name}',
  'stuck.how': 'C’est réessayé tout seul. L’imprimante dit :',
  'stuck.seen': 'Compris',
  'stuck.title': 'L’étiquette n’est pas imprimée',
  'void.not_sent': 'Il n’est pas envoyé',
  'void.printed_badly': 'Mal imprimée',
  'void.wrong_label': 'Mauvaise étiquette',
  'weigh.fits': 'Comme attendu',
  'weigh.over': '{grams} de trop',
  'weigh.under': '{grams} de moins',
}
