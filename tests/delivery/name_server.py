"""A small name server on loopback, for tests of those who ask one."""

import socket
import threading

import dns.flags
import dns.message
import dns.rcode
import dns.rdatatype
import dns.rrset


class Server(threading.Thread):
    """Answers from the zone over UDP; names that begin with "broken", "silent" or "noise" get what they say."""

    def __init__(self, zone):
        super().__init__(daemon=True)
        self.zone = zone
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind(("127.0.0.1", 0))
        self.port = self.socket.getsockname()[1]
        self.asked = []

    def run(self):
        while True:
            try:
                data, client = self.socket.recvfrom(4096)
            except OSError:
                return
            if data == b"end":
                return
            answer = self.answer(dns.message.from_wire(data))
            if answer:
                self.socket.sendto(answer, client)

    def answer(self, query):
        name = query.question[0].name.to_text()
        kind = dns.rdatatype.to_text(query.question[0].rdtype)
        self.asked.append((name, kind))
        reply = dns.message.make_response(query)
        reply.flags |= dns.flags.RA
        if name.startswith("silent"):
            return None
        if name.startswith("noise"):
            return b"no answer at all"
        if name.startswith("broken"):
            reply.set_rcode(dns.rcode.SERVFAIL)
        elif (name, kind) in self.zone:
            reply.answer.append(dns.rrset.from_text(name, 300, "IN", kind, *self.zone[name, kind]))
        elif not any(known == name for known, _ in self.zone):
            reply.set_rcode(dns.rcode.NXDOMAIN)
        return reply.to_wire()

    def stop(self):
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
            sender.sendto(b"end", ("127.0.0.1", self.port))
        self.join()
        self.socket.close()
