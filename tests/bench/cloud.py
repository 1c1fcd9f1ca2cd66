"""The simulated cloud that both sides talk to, and what stands beside it: the long line and the pages of orders."""

import base64
import hashlib
import json
import os
import random
import ssl
import subprocess
import time
import urllib.error
import urllib.parse
import urllib.request


class Server:
    """A program that says on its output that it is there, and ends when its input does."""

    def __init__(self, *command):
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def line(self):
        return self.process.stdout.readline().strip()

    def cpu(self):
        """Seconds of processor time so far."""
        with open(f"/proc/{self.process.pid}/stat", encoding="ascii") as stat:
            fields = stat.read().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def stop(self):
        self.process.stdin.close()
        self.process.stdout.close()
        self.process.wait(timeout=20)


class Sandbox(Server):
    def __init__(self, work, files=None, links=None):
        program = f"{work}/peer/release/itero-sandbox"
        ready = f"{work}/ready.json"
        if os.path.exists(ready):
            os.remove(ready)
        options = ["--tls", "--ready-file", ready, "--until-stdin-closes", "--url-life", "86400", "--token-life", "86400"]
        options += ["--files", files] if files else []
        options += ["--file-links", links] if links else []
        super().__init__(program, *options)
        until = time.monotonic() + 30
        while not os.path.exists(ready):
            if self.process.poll() is not None or time.monotonic() > until:
                raise RuntimeError("the sandbox did not start")
            time.sleep(0.05)
        with open(ready, encoding="utf-8") as text:
            self.facts = json.load(text)
        self.base = self.facts["baseUrl"]
        self.tls = ssl.create_default_context(cafile=self.facts["caFile"])
        self.token = self._sign_in()
        # Both sides find the sandbox and the person at the browser here.
        self.environment = {
            "BENCH_CLIENT_ID": self.facts["clientId"],
            "BENCH_CLIENT_SECRET": self.facts["clientSecret"],
            "BENCH_LOGIN_PAGE": self.facts["loginPage"],
            "BENCH_OAUTH_BASE": self.facts["oauthBase"],
            "BENCH_BASE_URL": self.base,
            "BENCH_CA_FILE": self.facts["caFile"],
            "BENCH_BROWSER": program,
            "BENCH_TOKEN": self.token,
            "BENCH_SEARCH": f"{self.base}/api/v1/patients?firstName=Petrov&lastName=Dmitri",
        }

    def _ask(self, url, body=None, form=None, token=None):
        data = json.dumps(body).encode() if body is not None else None
        data = urllib.parse.urlencode(form).encode() if form is not None else data
        request = urllib.request.Request(url, data)
        request.add_header("Content-Type", "application/json" if form is None else "application/x-www-form-urlencoded")
        if token:
            request.add_header("Authorization", f"Bearer {token}")
        with urllib.request.urlopen(request, context=self.tls, timeout=60) as answer:
            return json.loads(answer.read() or b"{}")

    def call(self, path, body=None):
        return self._ask(f"{self.base}/api/v1{path}", body, token=self.token)

    def _sign_in(self):
        """As a program without the library would: OAuth's code grant, then pairing with the first account."""
        user, redirect = self.facts["users"][0], "http://127.0.0.1:9/callback"
        verifier = "verifier-verifier-verifier-verifier-verifier"
        challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
        credentials = {"client_id": self.facts["clientId"], "client_secret": self.facts["clientSecret"]}
        form = {"response_type": "code", "client_id": credentials["client_id"], "redirect_uri": redirect,
                "code_challenge": challenge, "code_challenge_method": "S256", "scope": "offline_access",
                "email": user["email"], "password": user["password"]}

        class Stay(urllib.request.HTTPRedirectHandler):
            def redirect_request(self, *_):
                return None

        opener = urllib.request.build_opener(Stay, urllib.request.HTTPSHandler(context=self.tls))
        try:
            opener.open(self.facts["loginPage"], urllib.parse.urlencode(form).encode(), timeout=60)
            raise RuntimeError("the login page did not redirect")
        except urllib.error.HTTPError as answer:
            query = urllib.parse.urlsplit(answer.headers["Location"]).query
        code = dict(urllib.parse.parse_qsl(query))["code"]
        form = {"grant_type": "authorization_code", "code": code, "redirect_uri": redirect, "code_verifier": verifier}
        token = self._ask(f"{self.facts['oauthBase']}/oauth/token", form={**form, **credentials})["access_token"]
        pairing = {"accountId": user["accounts"][0]}
        return self._ask(f"{self.base}/api/v1/pairing", pairing, token=token)["access_token"]

    def order(self):
        """Sends a scan request, lets it be scanned, and returns the order with its files."""
        practice = self.call("/practice")
        patient = {"firstName": "Petrov", "lastName": "Dmitri", "chartNumber": "10028"}
        rx = self.call("/scan-requests", {
            "doctorId": practice["doctors"][0]["doctorId"], "patient": patient,
            "procedureMapId": practice["procedures"][0]["procedureMapId"]})["rxId"]
        self._ask(f"{self.base}/sandbox/scan", {"rxId": rx})
        return self.call(f"/orders/rx/{rx}")


def write_file(folder, name, size, seed):
    """A file of bytes that no compression makes smaller."""
    path = f"{folder}/{name}"
    if not os.path.exists(path) or os.path.getsize(path) != size:
        generator = random.Random(seed)
        os.makedirs(folder, exist_ok=True)
        with open(path, "wb") as out:
            for start in range(0, size, 1 << 20):
                out.write(generator.randbytes(min(1 << 20, size - start)))


FIRST = ["Dmitri", "Zoë", "Ngozi", "日向", "Łucja", "Ana María", "James", "Ōtani", "Priya", "Seán"]
LAST = ["Petrov", "Brontë-Ng", "Okafor", "佐藤", "Wójcik", "de la Cruz", "O'Neill", "\"Ace\" Müller", "Rao", "Ó Dálaigh"]
KINDS = [("IDE", "zip", "application/zip"), ("STL", "stl", "model/stl"), ("STL", "stl", "model/stl"),
         ("IMAGE_GALLERY", "jpg", "image/jpeg")]


def make_order(number):
    """An order as the service lists it, 2.3 KB of JSON."""
    chance = random.Random(number)
    order_id = str(40_000_000 + number)
    guid = f"{chance.getrandbits(128):032x}"
    files = []
    for index, (kind, extension, content_type) in enumerate(KINDS):
        digest = f"{chance.getrandbits(256):064x}"
        files.append({
            "fileId": digest[:24], "kind": kind, "name": f"export_#{order_id}_{index}.{extension}",
            "size": chance.randrange(300_000, 15_000_000), "sha256": digest, "etag": f"\"{digest}\"",
            "url": f"https://files.itero-sandbox.example/files/{digest[:24]}/export_%23{order_id}_{index}.{extension}"
                   f"?expires=1900000000000&signature={chance.getrandbits(256):064x}",
            "contentType": content_type})
    return {
        "orderId": order_id, "orderCode": f"SBX-{order_id}", "rxId": f"{guid[:16]}", "accountId": "30417",
        "status": "Completed", "caseType": "Crown / Bridge", "scanDate": "2026-03-02T09:14:27Z",
        "updatedDate": "2026-03-02T09:20:53Z", "dueDate": "2026-03-16T00:00:00Z", "labId": "L-210",
        "notes": f"Margins of {11 + number % 38} please.\nShade A{1 + number % 4}, as agreed \u2013 thank you.",
        "patient": {"patientId": f"{guid[:8]}-{guid[8:12]}-{guid[12:16]}-{guid[16:20]}-{guid[20:]}",
                    "firstName": FIRST[number % 10], "lastName": LAST[number // 10 % 10],
                    "chartNumber": str(10_000 + number), "birthDate": "1980-05-17"},
        "doctor": {"doctorId": "7001", "firstName": "Ada", "lastName": "Lindqvist", "licenseNumber": "DDS-118204",
                   "email": "ada.lindqvist@itero-sandbox.example"},
        "files": files}


def write_pages(folder, pages=10, orders=100):
    """Pages as a service writes them: compact, and every other one with escapes in place of other scripts."""
    os.makedirs(folder, exist_ok=True)
    paths = []
    for page in range(pages):
        path = f"{folder}/page-{page}.json"
        rows = [make_order(page * orders + row) for row in range(orders)]
        with open(path, "w", encoding="utf-8") as out:
            json.dump(rows, out, ensure_ascii=page % 2 == 0, separators=(",", ":"))
        paths.append(path)
    return paths
