// A small server that keeps what it is sent and answers as told, over a real websocket.
import { WebSocketServer, type WebSocket as Peer } from 'ws'
import type { ClientFrame, Op, ServerFrame, TaskView } from '../src/protocol.gen'

export class Server {
  readonly frames: ClientFrame[] = []
  readonly done = new Map<string, number>()
  tasks: readonly TaskView[] = []
  position = 1
  seq = 0
  deaf = false
  putsOff = ''
  refuse: (op: Op) => string = () => ''
  private peers = new Set<Peer>()
  private readonly sockets: WebSocketServer

  private constructor(sockets: WebSocketServer) {
    this.sockets = sockets
    sockets.on('connection', (peer) => {
      this.peers.add(peer)
      peer.on('message', (data) => this.receive(peer, JSON.parse(String(data)) as ClientFrame))
      peer.on('close', () => this.peers.delete(peer))
    })
  }

  static open(port = 0): Promise<Server> {
    return new Promise((resolve) => {
      const sockets: WebSocketServer = new WebSocketServer({ port }, () => resolve(new Server(sockets)))
    })
  }

  get port(): number {
    return (this.sockets.address() as { port: number }).port
  }

  get ops(): Op[] {
    return this.frames.filter((frame) => frame.t === 'op')
  }

  send(frame: ServerFrame): void {
    this.say(JSON.stringify(frame))
  }

  say(text: string): void {
    for (const peer of this.peers) peer.send(text)
  }

  change(tasks: readonly TaskView[], since = this.position): void {
    this.position = since + 1
    this.send({ t: 'changed', since, until: this.position, tasks, gone: [], snapshot: false })
  }

  drop(): void {
    for (const peer of this.peers) peer.terminate()
  }

  close(): Promise<void> {
    this.drop()
    return new Promise((resolve) => this.sockets.close(() => resolve()))
  }

  private receive(peer: Peer, frame: ClientFrame): void {
    if (this.deaf) return
    this.frames.push(frame)
    const answer = (each: ServerFrame): void => peer.send(JSON.stringify(each))
    if (frame.t === 'ping') answer({ t: 'pong', n: frame.n, at: 0 })
    if (frame.t === 'hello') this.welcome(answer, frame.position)
    if (frame.t === 'lost') {
      this.seq = frame.seq - 1
      answer({ t: 'expected', seq: frame.seq })
    }
    if (frame.t === 'op') this.perform(answer, frame)
  }

  private welcome(answer: (frame: ServerFrame) => void, position: number): void {
    const who = { user: 'ann', name: 'Ann', device: 'D', site: 'MAIN', permissions: ['pick'], protocol: 1, version: '0' }
    answer({ t: 'welcome', ...who, position: this.position, seq: this.seq })
    const snapshot = position === 0
    answer({ t: 'changed', since: position, until: this.position, tasks: snapshot ? this.tasks : [], gone: [], snapshot })
  }

  private perform(answer: (frame: ServerFrame) => void, op: Op): void {
    if (this.putsOff) return answer({ t: 'error', code: this.putsOff, facts: { op_id: op.op_id, seq: op.seq } })
    if (op.seq > this.seq + 1 && !this.done.has(op.op_id)) return answer({ t: 'expected', seq: this.seq + 1 })
    this.seq = Math.max(this.seq, op.seq)
    this.done.set(op.op_id, (this.done.get(op.op_id) ?? 0) + 1)
    const code = this.refuse(op)
    if (code) answer({ t: 'rejected', op_id: op.op_id, seq: op.seq, code, facts: {} })
    else answer({ t: 'committed', op_id: op.op_id, seq: op.seq, position: this.position, result: null })
  }
}
