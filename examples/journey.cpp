/*
 * The journey of one patient from the practice program to the scanner and back, in C++11.
 *
 * Read it from main() on: it is the tutorial of itero.hpp. It plays against the sandbox, the simulated cloud:
 *
 *     cargo build --release --features sandbox
 *     c++ -std=c++11 -Iinclude examples/journey.cpp -Ltarget/release -litero -o target/journey-cpp
 *     target/release/itero-sandbox --auto-scan 300 --ready-file /tmp/ready.json &
 *     LD_LIBRARY_PATH=target/release target/journey-cpp /tmp/ready.json /tmp/journey target/release/itero-sandbox
 *
 * The third argument is the program that is started with the login page's URL; itero-sandbox plays the person who signs
 * in. Leave it out to sign in yourself, in your own browser. All paths must be absolute.
 *
 * Nothing is freed here: every object frees itself. Nothing is checked: a call that fails throws, and main() tells it.
 */

#include <cinttypes>
#include <cstdio>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string>

#include "itero.hpp"

namespace {

void show(const char *step) { std::printf("%-18s ", step); }

int number(itero::State state) { return static_cast<int>(state); }

/* ------------------------------------------------------------------------------------------------------------------
 * What the sandbox tells of itself in its ready file. A practice program has these from Align and from its settings.
 */

class ReadyFile {
public:
    explicit ReadyFile(const char *path) {
        std::ifstream file(path, std::ios::binary);
        if (!file) throw std::runtime_error("the ready file can't be read");
        json_.assign(std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>());
    }

    /* The text member `name`; "" when it is null. The file is the sandbox's own, so this is enough. */
    std::string operator[](const std::string &name) const {
        std::string value;
        std::size_t at = json_.find("\"" + name + "\":");
        if (at == std::string::npos) throw std::runtime_error("the ready file lacks a member");
        at = json_.find_first_not_of(' ', at + name.size() + 3);
        if (json_[at] != '"') return value;
        while (json_[++at] != '"') value += json_[at] == '\\' ? json_[++at] : json_[at];
        return value;
    }

private:
    std::string json_;
};

/* ------------------------------------------------------------------------------------------------------------------ */

itero::Client make_client(const ReadyFile &ready, const char *browser) {
    itero::Config config;
    config.set_api_version(itero::ApiVersion::v2);
    /* A practice program leaves this line out: its sign-in outlives it. */
    config.set_token_memory();
    config.set_client_id(ready["clientId"]);
    config.set_client_secret(ready["clientSecret"]);
    config.set_login_page(ready["loginPage"]);
    config.set_oauth_base(ready["oauthBase"]);
    config.set_base_url(ready["baseUrl"]);
    config.set_ca_file(ready["caFile"]);
    config.set_product("Journey", "1.0");
    config.set_browser(browser);
    return itero::Client(config);
}

/* A1, A2: opens the browser and waits until the user has signed in. */
void sign_in(itero::Client &client) {
    itero::Login login = client.login_run(120000);
    while (!login.wait(250)) {} /* a program with a window keeps it alive in between */
    show("sign in");
    std::printf("state %d\n", number(client.state()));
}

/* A5 to A7: where the region is, which accounts there are, and which one this program works for from now on. */
void pair(itero::Client &client, const itero::Listener &listener) {
    client.discover();
    show("discovery");
    std::printf("region %s\n", client.region().c_str());
    const itero::Accounts accounts = client.accounts();
    show("accounts");
    std::printf("%zu\n", accounts.size());
    for (auto account : accounts) {
        show("");
        std::printf("%s %s\n", account.id().c_str(), account.name().c_str());
    }
    if (accounts.empty()) throw std::runtime_error("this user has no account");
    client.pair(accounts[0].id(), listener.url());
    show("pair");
    std::printf("%s, state %d\n", accounts[0].name().c_str(), number(client.state()));
}

/* P5: what should be put in order before the integration starts. */
void warnings(itero::Client &client) {
    const itero::Warnings warnings = client.warnings();
    show("pairing warnings");
    std::printf("%zu shared chart numbers, %zu patients without one\n", warnings.duplicates().size(),
                warnings.missing_chart_number().size());
    for (auto duplicate : warnings.duplicates()) {
        show("");
        std::printf("%s:", duplicate.chart_number().c_str());
        const char *separator = "";
        for (auto patient : duplicate.patients()) {
            std::printf("%s %s %s", separator, patient.first_name().c_str(), patient.last_name().c_str());
            separator = ",";
        }
        std::printf("\n");
    }
}

/* P1, P2: the patient may be in the scanner's records with first and last name swapped. */
void search(itero::Client &client, const std::string &first, const std::string &last, const std::string &chart) {
    itero::Patients patients = client.patients_search(first, last, chart);
    show("patient search");
    std::printf("%s %s: %zu found\n", first.c_str(), last.c_str(), patients.size());
    if (!patients.empty()) return;
    patients = client.patients_search(last, first, chart);
    show("");
    std::printf("%s %s: %zu found\n", last.c_str(), first.c_str(), patients.size());
    if (patients.size() != 1) return;
    client.patients_update(patients[0].id(), first, last);
    show("patient update");
    std::printf("%s %s is %s %s now\n", last.c_str(), first.c_str(), first.c_str(), last.c_str());
}

/* D1, D2: a doctor and a procedure from the practice configuration, and the Rx for the scanner. */
itero::Rx send(itero::Client &client, const std::string &first, const std::string &last, const std::string &chart) {
    const itero::Practice practice = client.practice();
    show("practice");
    std::printf("%s: %zu doctors, %zu labs, %zu procedures, %zu scanners\n", practice.name().c_str(),
                practice.doctors().size(), practice.labs().size(), practice.procedures().size(),
                practice.scanners().size());

    itero::ScanRequest request;
    request.set_doctor_id(practice.doctors()[0].id());
    request.set_procedure_map_id(practice.procedures()[0].map_id());
    request.set_scanner_serial_number(practice.scanners()[0].serial_number());
    request.set_patient_first_name(first);
    request.set_patient_last_name(last);
    request.set_patient_chart_number(chart);
    request.set_notes("Margins of 36 please.");
    request.add_tooth("36", "Crown", "Zirconia", "A2");
    itero::Rx rx = client.scan_request_send(request);
    show("scan request");
    std::printf("RxID %s\n", rx.id().c_str()); /* a practice program stores it with the patient */
    return rx;
}

/* D5, D6: waits for the notification, then asks what is true. */
itero::Orders await_order(itero::Client &client, itero::Listener &listener, const std::string &rx_id) {
    for (int tries = 0; tries < 20; tries++) {
        const itero::Notification notification = listener.wait(120000);
        if (!notification) break;
        if (notification.rx_id() != rx_id) continue;
        show("notification");
        std::printf("for RxID %s\n", notification.rx_id().c_str());
        itero::Orders orders = client.orders_by_rx(rx_id);
        show("order");
        std::printf("%s, %s, %zu files\n", orders[0].patient_chart_number().c_str(), orders[0].status().c_str(),
                    orders[0].files().size());
        if (!orders[0].files().empty()) return orders;
    }
    throw std::runtime_error("the scan did not arrive");
}

/* Comes on the library's own thread. */
void progress(const itero::Progress &now) {
    std::fprintf(stderr, "\r  %" PRId64 " of %" PRId64 " bytes, %" PRId64 " of %" PRId64 " files   ", now.bytes,
                 now.total_bytes, now.files, now.total_files);
    if (now.total_files > 0 && now.files == now.total_files) std::fprintf(stderr, "\n");
}

/* D4: all files of the order, verified and unpacked. */
itero::Download download(itero::Client &client, const std::string &order_id, const std::string &folder) {
    itero::Download download =
        client.download_start(order_id, folder, ITERO_FILE_ALL, ITERO_DOWNLOAD_UNPACK, progress);
    download.wait();
    show("download");
    std::printf("%zu files\n", download.files().size());
    for (auto file : download.files()) {
        std::printf("  %-14s %9" PRId64 " bytes  %s", file.kind().c_str(), file.size(), file.name().c_str());
        if (!file.archive().empty()) std::printf(" (unpacked)");
        if (file.triangles() != 0) {
            std::printf(", %" PRId64 " triangles, %.0f x %.0f x %.0f mm", file.triangles(), file.extent(0),
                        file.extent(1), file.extent(2));
        }
        std::printf("\n");
    }
    return download;
}

void journey(const char *ready_file, const char *folder, const char *browser) {
    const std::string first = "Dmitri", last = "Petrov", chart = "10028";
    std::printf("itero %s: one patient's journey to the scanner and back\n", itero::version().c_str());

    itero::Client client = make_client(ReadyFile(ready_file), browser);
    sign_in(client);
    itero::Listener listener = client.listener_start();
    pair(client, listener);
    warnings(client);
    search(client, first, last, chart);
    const itero::Rx rx = send(client, first, last, chart);
    const itero::Orders orders = await_order(client, listener, rx.id());
    const itero::Download files = download(client, orders[0].id(), folder);
    int64_t bytes = 0;
    for (auto file : files.files()) bytes += file.size();

    listener.stop();
    client.unpair();
    show("un-pair");
    std::printf("state %d\n", number(client.state()));
    client.revoke();
    show("revoke");
    std::printf("state %d\n", number(client.state()));
    itero::shutdown();
    std::printf("journey ok: %zu files, %" PRId64 " bytes in %s\n", files.files().size(), bytes, folder);
}

} // namespace

int main(int argc, char **argv) {
    try {
        if (argc < 3) throw std::runtime_error("usage: journey READY-FILE FOLDER [BROWSER-PROGRAM]");
        journey(argv[1], argv[2], argc > 3 ? argv[3] : "");
        return 0;
    } catch (const itero::Error &error) {
        std::fflush(stdout);
        std::fprintf(stderr, "%s\n  %s\n", error.what(), error.advice().c_str());
    } catch (const std::exception &error) {
        std::fflush(stdout);
        std::fprintf(stderr, "journey: %s\n", error.what());
    }
    return 1;
}
