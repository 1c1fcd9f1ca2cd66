/*
 * Send this patient to the scanner, and tell me when the files are on disk: the commonest single task, in C++11.
 *
 *     cargo build --release --features sandbox
 *     c++ -std=c++11 -Iinclude examples/send_and_wait.cpp -Ltarget/release -litero -o target/send-and-wait-cpp
 *     target/release/itero-sandbox --auto-scan 300 --ready-file /tmp/ready.json &
 *     LD_LIBRARY_PATH=target/release target/send-and-wait-cpp /tmp/ready.json /tmp/scans target/release/itero-sandbox
 *
 * The third argument is the program that is started with the login page's URL; leave it out to sign in yourself, in your
 * own browser. All paths must be absolute. journey.cpp explains more of itero.hpp.
 */

#include <cstdio>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string>

#include "itero.hpp"

namespace {

/* How often the watch asks for changed orders. The sandbox scans at once; at the service 0, a minute, is right. */
const int32_t INTERVAL_MS = 1000;

std::string read(const char *path) {
    std::ifstream file(path, std::ios::binary);
    if (!file) throw std::runtime_error("the ready file can't be read");
    return std::string(std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>());
}

/*
 * The text member `name` of what the sandbox tells of itself. The file is the sandbox's own, so this is enough; a
 * practice program has all this from Align and from its settings.
 */
std::string member(const std::string &json, const std::string &name) {
    std::string value;
    std::size_t at = json.find("\"" + name + "\":");
    if (at == std::string::npos) throw std::runtime_error("the ready file lacks a member");
    at = json.find_first_not_of(' ', at + name.size() + 3);
    if (json[at] != '"') return value;
    while (json[++at] != '"') value += json[at] == '\\' ? json[++at] : json[at];
    return value;
}

itero::Client make_client(const std::string &ready, const char *browser) {
    itero::Config config;
    /* A practice program leaves this line out: its sign-in outlives it. */
    config.set_token_memory();
    config.set_client_id(member(ready, "clientId"));
    config.set_client_secret(member(ready, "clientSecret"));
    config.set_login_page(member(ready, "loginPage"));
    config.set_oauth_base(member(ready, "oauthBase"));
    config.set_base_url(member(ready, "baseUrl"));
    config.set_ca_file(member(ready, "caFile"));
    config.set_browser(browser);
    return itero::Client(config);
}

/* Asks the user only for what is not there yet: first the sign-in, then the account to work for. */
void sign_in_if_needed(itero::Client &client) {
    if (client.state() == itero::State::signed_out) client.login_run(120000).wait();
    if (client.state() == itero::State::signed_in) {
        const itero::Accounts accounts = client.accounts();
        if (accounts.empty()) throw std::runtime_error("this user has no account");
        client.pair(accounts[0].id());
    }
    std::printf("signed in, account %s\n", client.account_id().c_str());
}

/* Finds the patient in all permutations of the name, corrects the name if it must be, and sends the scan request. */
itero::Rx send(itero::Client &client, const char *first, const char *last, const char *chart) {
    const itero::Practice practice = client.practice();
    itero::ScanRequest request;
    request.set_doctor_id(practice.doctors()[0].id());
    request.set_procedure_map_id(practice.procedures()[0].map_id());
    request.set_patient_first_name(first);
    request.set_patient_last_name(last);
    request.set_patient_chart_number(chart);
    itero::Rx rx = client.rx_push(request, itero::PushPolicy::update_name);
    std::printf("sent %s %s, chart number %s: RxID %s\n", first, last, chart, rx.id().c_str());
    return rx;
}

/* The watch brings every scan of the account that is ready; this program waits for one of them. */
itero::Event wait_for_scan(itero::Watch &watch, const std::string &rx_id) {
    for (;;) {
        itero::Event event = watch.wait(250); /* a program with a window keeps it alive in between */
        if (event && event.rx_id() == rx_id) return event;
        /* one that is not acknowledged comes again to the next watch */
    }
}

/* Brings all files into a folder of the order's own. Only then the event is acknowledged. */
void download(itero::Client &client, itero::Watch &watch, const itero::Event &event, const std::string &folder) {
    itero::Download download = client.download_start(event.order_id(), folder + "/{orderId}");
    download.wait();
    watch.ack(event);
    std::printf("on disk: %zu files\n", download.files().size());
    for (auto file : download.files()) std::printf("  %s\n", file.name().c_str());
}

void send_and_wait(const char *ready_file, const std::string &folder, const char *browser) {
    itero::Client client = make_client(read(ready_file), browser);
    sign_in_if_needed(client);
    const itero::Rx rx = send(client, "Dmitri", "Petrov", "10028");

    itero::Watch watch = client.watch_start(folder + "/watch.json", nullptr, nullptr, INTERVAL_MS);
    const itero::Event event = wait_for_scan(watch, rx.id());
    std::printf("scanned: %s\n", event.status().c_str());
    download(client, watch, event, folder);
}

} // namespace

int main(int argc, char **argv) {
    try {
        if (argc < 3) throw std::runtime_error("usage: send_and_wait READY-FILE FOLDER [BROWSER-PROGRAM]");
        send_and_wait(argv[1], argv[2], argc > 3 ? argv[3] : "");
        itero::shutdown();
        std::printf("done\n");
        return 0;
    } catch (const itero::Error &error) {
        std::fflush(stdout);
        std::fprintf(stderr, "%s\n  %s\n", error.what(), error.advice().c_str());
    } catch (const std::exception &error) {
        std::fflush(stdout);
        std::fprintf(stderr, "send_and_wait: %s\n", error.what());
    }
    return 1;
}
