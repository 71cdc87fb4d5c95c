// Español: el puesto de embalaje, sus teclas, su báscula, su impresora.
import type { Like } from './message'
import type { station as english } from './station.en'

export const station: Like<typeof english> = {
  'notice.LabelStuck': 'Una etiqueta no se ha impreso. Mira en el puesto de embalaje.',
  'pack.lacking': 'No está',
  'scale.connect.hid': 'Conectar una báscula USB',
  'scale.connect.serial': 'Conectar una báscula serie',
  'scale.empty': 'Pon el bulto en la báscula',
  'ship.number': 'Escribe el número del transportista',
  'station.scan': 'Escanea el puesto o escribe su número',
  'stuck.elsewhere': 'Imprimir en {name}',
  'stuck.how': 'Se intenta de nuevo solo. La impresora dice:',
  'stuck.seen': 'Entendido',
  'stuck.title': 'La etiqueta no se ha impreso',
  'void.not_sent': 'No se envía',
  'void.printed_badly': 'Mal impresa',
  'void.wrong_label': 'Etiqueta equivocada',
  'weigh.fits': 'Como se esperaba',
  'weigh.over': '{grams} de más',
  'weigh.under': '{grams} de menos',
}
