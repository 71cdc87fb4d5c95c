// Deutsch: der Packplatz, seine Tasten, seine Waage, sein Drucker.
import type { Like } from './message'
import type { station as english } from './station.en'

export const station: Like<typeof english> = {
  'notice.LabelStuck': 'Ein Etikett ist nicht gedruckt. Sieh am Packplatz nach.',
  'pack.lacking': 'Nicht da',
  'scale.connect.hid': 'USB-Waage verbinden',
  'scale.connect.serial': 'Serielle Waage verbinden',
  'scale.empty': 'Paket auf die Waage stellen',
  'ship.number': 'Nummer der Spedition tippen',
  'station.scan': 'Packplatz scannen oder Nummer tippen',
  'stuck.elsewhere': 'An {name} drucken',
  'stuck.how': 'Es wird von selbst nochmals versucht. Der Drucker sagt:',
  'stuck.seen': 'Verstanden',
  'stuck.title': 'Das Etikett ist nicht gedruckt',
  'void.not_sent': 'Es wird nicht versandt',
  'void.printed_badly': 'Schlecht gedruckt',
  'void.wrong_label': 'Falsches Etikett',
  'weigh.fits': 'Wie erwartet',
  'weigh.over': '{grams} zu schwer',
  'weigh.under': '{grams} zu leicht',
}
