/*
 * What the wrapper promises at work, against the sandbox: text in all scripts, callbacks that throw, owners that move
 * or free themselves under a callback, cancellation.
 *
 *     cloud READY-FILE FOLDER BROWSER-PROGRAM HUNG-PORT
 *
 * On HUNG-PORT of 127.0.0.1 something listens and never answers.
 */

#include <algorithm>
#include <atomic>
#include <memory>
#include <thread>
#include <vector>

#include "check.hpp"

static void sleep_ms(int ms) { std::this_thread::sleep_for(std::chrono::milliseconds(ms)); }

/* Waits for what another thread does. */
template <class F> void until(const char *file, int line, F condition) {
    for (int i = 0; i < 3000; i++) {
        if (condition()) return;
        sleep_ms(10);
    }
    fail(file, line, "it did not happen in 30 s");
}
#define UNTIL(condition) until(__FILE__, __LINE__, [&] { return bool(condition); })

static itero::Client signed_in(const std::string &ready, const char *browser) {
    itero::Client client(sandbox_config(ready, browser));
    CHECK(client.login_run(30000).wait());
    CHECK(client.state() == itero::State::signed_in);
    return client;
}

static itero::ScanRequest request_for(itero::Client &client, const std::string &first, const std::string &last,
                                      const std::string &chart) {
    const itero::Practice practice = client.practice();
    itero::ScanRequest request;
    request.set_doctor_id(practice.doctors()[0].id());
    request.set_procedure_map_id(practice.procedures()[0].map_id());
    request.set_patient_first_name(first);
    request.set_patient_last_name(last);
    request.set_patient_chart_number(chart);
    return request;
}

static std::string send(itero::Client &client, const std::string &first, const std::string &last,
                        const std::string &chart, const std::string &notes = "") {
    itero::ScanRequest request = request_for(client, first, last, chart);
    request.set_notes(notes);
    return client.scan_request_send(request).id();
}

/* The order of an Rx, once its files are there. */
static itero::Orders scanned(itero::Client &client, const std::string &rx_id) {
    for (int i = 0; i < 300; i++) {
        try {
            itero::Orders orders = client.orders_by_rx(rx_id);
            if (!orders[0].files().empty()) return orders;
        } catch (const itero::Error &error) {
            SAME(error.status(), ITERO_E_NOT_FOUND);
        }
        sleep_ms(100);
    }
    fail(__FILE__, __LINE__, "nothing was scanned");
    std::abort();
}

static void an_error_has_what_the_service_said(itero::Client &client) {
    const itero::Error error = error_of(__FILE__, __LINE__, [&] { client.orders_by_rx("no-such-rx"); });
    SAME(error.status(), ITERO_E_NOT_FOUND);
    SAME(error.operation(), "itero_orders_by_rx");
    SAME(error.http_status(), 404);
    CHECK(!error.service_code().empty() && !error.request_id().empty() && !error.advice().empty());
    SAME(error.request_id(), itero_last_error_request_id());
    CHECK(!error.retryable());
    const itero::Error captured = itero::CapturedError::capture().error();
    SAME(captured.http_status(), 404);
    SAME(captured.request_id(), error.request_id());
    SAME(captured.service_code(), error.service_code());
}

static void names_arrive_intact_both_ways(itero::Client &client) {
    const std::string first = "Žofie שרה", last = "Nováková-Müller 山田 𠮷", chart = "C-Ä2", notes = "für 太郎";
    const std::string rx_id = send(client, first, last, chart, notes);
    const itero::Orders orders = scanned(client, rx_id);
    SAME(orders[0].patient_first_name(), first);
    SAME(orders[0].patient_last_name(), last);
    SAME(orders[0].patient_chart_number(), chart);
    SAME(orders[0].notes(), notes);
    CHECK(client.rx_is_known(rx_id) && !client.rx_is_known("a-stranger's"));
    SAME(client.ledger_find(chart)[0].rx_id(), rx_id);

    const char *const people[][2] = {{"Žofie", "Nováková-Müller"}, {"שרה", "בן־דוד"}, {"太郎", "山田 𠮷"}};
    for (const auto &person : people) {
        client.patients_update(orders[0].patient_id(), person[0], person[1]);
        const itero::Patients patients = client.patients_search(person[0], person[1]);
        SAME(patients.size(), 1u);
        SAME(patients[0].first_name(), person[0]);
        SAME(patients[0].last_name(), person[1]);
        SAME(client.patients_match(person[0], person[1], chart)[0].last_name(), person[1]);
    }
}

static void tables_are_ranges(itero::Client &client) {
    std::size_t rows = 0;
    for (auto order : client.orders()) {
        for (auto file : order.files()) rows += file.id().empty() ? 0 : 1;
    }
    CHECK(rows > 0);
    itero::Orders orders = client.orders();
    const itero::Order first = orders[0];
    const std::string id = first.id();
    CHECK(!id.empty());
    const itero::Orders moved = std::move(orders);
    SAME(first.id(), id);
    CHECK(orders.empty());
    const auto has_id = [&](const itero::Order &order) { return order.id() == id; };
    const auto found = std::find_if(moved.begin(), moved.end(), has_id);
    CHECK(found == moved.begin() && found->id() == id);
    SAME(static_cast<std::size_t>(moved.end() - moved.begin()), moved.size());
    SAME((moved.end() - 1)->id(), moved[moved.size() - 1].id());
    std::vector<itero::Order> copied(moved.begin(), moved.end());
    SAME(copied.back().id(), moved[moved.size() - 1].id());

    itero::OrderCursor cursor = client.orders_open();
    std::size_t walked = 0;
    for (itero::Orders page = cursor.next(); !page.empty(); page = cursor.next()) walked += page.size();
    SAME(walked, moved.size());
    itero::OrderQuery query;
    query.set_chart_number(moved[0].patient_chart_number());
    for (auto order : client.orders(query)) SAME(order.patient_chart_number(), moved[0].patient_chart_number());
    CHECK(!client.diagnose().empty());
}

static void a_throwing_push_sends_nothing(itero::Client &client) {
    const itero::ScanRequest request = request_for(client, "Dmitri", "Petrov", "10028");
    const auto push = [&](itero::PushCallback callback) {
        return client.rx_push(request, itero::PushPolicy::ask, std::move(callback));
    };
    THROWS(push([](const itero::Matches &) -> int32_t { throw std::string("who?"); }), "who?");
    FAILS(push([](const itero::Matches &) -> int32_t { return ITERO_PUSH_STOP; }), ITERO_E_CANCELLED);
    CHECK(client.ledger_find("10028").empty());
    std::string name;
    const itero::Rx rx = push([&](const itero::Matches &matches) -> int32_t {
        name = matches[0].first_name();
        return 0;
    });
    SAME(name, "Petrov");
    CHECK(!rx.id().empty());
    client.rx_delete(rx.id());
}

static void a_progress_that_throws_surfaces_in_wait(itero::Client &client, const std::string &folder) {
    itero::OrderQuery query;
    query.set_chart_number("C-Ä2");
    const itero::Orders orders = client.orders(query);
    CHECK(!orders.empty() && !orders[0].files().empty());
    const std::shared_ptr<std::atomic<int>> calls = std::make_shared<std::atomic<int>>(0);
    const auto throwing = [calls](const itero::Progress &) {
        if (++*calls == 1) throw std::string("no space for progress");
    };
    {
        itero::Download first =
            client.download_start(orders[0].id(), folder + "/one", ITERO_FILE_ALL, ITERO_DOWNLOAD_UNPACK, throwing);
        CHECK(calls.use_count() > 2);
        itero::Download moved(std::move(first));
        std::vector<itero::Download> all;
        all.push_back(std::move(moved));
        THROWS(while (!all[0].wait(5)) {}, "no space for progress");
        CHECK(all[0].wait());
        CHECK(all[0].files().size() > 12);
        SAME(static_cast<std::size_t>(all[0].progress().files), orders[0].files().size());
        bool has_arch = false;
        for (auto file : all[0].files()) {
            has_arch = has_arch || (file.role() == itero::FileRole::upper_arch && file.triangles() > 0);
            CHECK(std::ifstream(file.path().c_str()).good() && file.sha256().size() == 64);
        }
        CHECK(has_arch);
    }
    SAME(calls.use_count(), 2); /* this one and that in `throwing` */

    itero::Download again = client.download_start_from_order(orders[0], folder + "/{chartNumber}", ITERO_FILE_STL);
    CHECK(again.wait());
    CHECK(again.files()[0].path().find("C-Ä2") != std::string::npos);
    const std::string file_id = orders[0].files()[0].id();
    itero::Download one = client.download_start_file(orders[0].id(), file_id, folder + "/one");
    CHECK(one.wait() && one.files()[0].was_there());
    itero::Download cancelled = client.download_start(orders[0].id(), folder + "/never");
    cancelled.cancel();
    FAILS(cancelled.wait(), ITERO_E_CANCELLED);
}

static void a_lost_answer_is_resolved_by_its_operation(itero::Client &client) {
    const char *const stranger = "00000000-0000-4000-8000-000000000000";
    FAILS(client.rx_resolve(stranger, "C-9"), ITERO_E_NOT_FOUND);
    FAILS(client.rx_settle(stranger, nullptr), ITERO_E_NOT_FOUND);
    const itero::Rx rx = client.scan_request_send(request_for(client, "Ida", "Clear", "C-9"));
    const itero::Resolution resolution = client.rx_resolve(rx.operation_id(), "C-9");
    CHECK(resolution.outcome() == itero::RxOutcome::sent);
    SAME(resolution.rx_id(), rx.id());
    SAME(resolution.operation_id(), rx.operation_id());
    SAME(resolution.wait_ms(), -1);
    client.rx_settle(rx.operation_id(), rx.id());
    FAILS(client.rx_settle(rx.operation_id(), nullptr), ITERO_E_CONFLICT);
}

static void an_outbox_sends_what_was_put_in(itero::Client &client, const std::string &folder) {
    const std::string path = folder + "/outbox";
    int32_t request, name, gone;
    {
        itero::Outbox outbox = itero::Outbox::open(path);
        CHECK(outbox.items().empty());
        FAILS(outbox.add_scan_request(itero::ScanRequest()), ITERO_E_ARGUMENT);
        request = outbox.add_scan_request(request_for(client, "Jürgen", "Später", "C-Ä10"));
        name = outbox.add_patient_update_by_chart_number("C-Ä2", "Žofie", "Später");
        gone = outbox.add_rx_delete("no-such-rx");
    }
    itero::Outbox outbox = itero::Outbox::open(path);
    const itero::OutboxItems before = outbox.items();
    SAME(before.size(), 3u);
    CHECK(before[0].id() == request && before[1].id() == name && before[2].id() == gone);
    CHECK(before[0].kind() == itero::OutboxKind::scan_request && before[2].kind() == itero::OutboxKind::rx_delete);
    CHECK(before[1].kind() == itero::OutboxKind::patient_update_by_chart_number);
    for (auto item : before) CHECK(item.state() == itero::OutboxState::prepared && item.attempts() == 0);

    itero::OutboxJob job = outbox.run(client);
    FAILS(job.wait(), ITERO_E_NOT_FOUND);
    const itero::OutboxItems after = outbox.items();
    CHECK(after[0].state() == itero::OutboxState::confirmed && after[1].state() == itero::OutboxState::confirmed);
    CHECK(client.rx_is_known(after[0].rx_id()) && !after[0].operation_id().empty());
    CHECK(after[0].changed_time() >= after[0].created_time() && after[0].created_time() > 1600000000000);
    SAME(client.patients_search("Žofie", "Später")[0].chart_number(), "C-Ä2");
    CHECK(after[2].state() == itero::OutboxState::failed && !after[2].message().empty());
    SAME(after[2].status(), ITERO_E_NOT_FOUND);
    SAME(after[2].attempts(), 1);

    FAILS(outbox.settle(request, nullptr), ITERO_E_STATE);
    outbox.retry(gone);
    outbox.remove(gone);
    FAILS(outbox.remove(gone), ITERO_E_NOT_FOUND);
    const std::string patient_id = client.patients_search("Žofie", "Später")[0].id();
    outbox.add_patient_update(patient_id, "Žofie", nullptr, nullptr);
    itero::OutboxJob all_done = outbox.run(client);
    CHECK(all_done.wait());
    outbox.run(client).cancel();
    for (auto item : outbox.items()) outbox.remove(item.id());
    CHECK(outbox.items().empty() && before.size() == 3);
}

/* A program's own place for the tokens, in which each function can be made to fail. */
struct Row {
    std::string text, broken;

    /* By an exception, with the function's name. */
    void use(const std::string &function) const {
        if (broken == function) throw function;
    }
};

static itero::Client client_of(Row &row, const std::string &ready, const char *browser) {
    itero::TokenStore store;
    store.load = [&row](std::string &text) {
        row.use("load");
        text = row.text;
        return row.broken != "no load";
    };
    store.save = [&row](const std::string &text) {
        row.use("save");
        row.text = text;
        return true;
    };
    store.lock = [&row](int32_t wait_ms) {
        row.use("lock");
        CHECK(wait_ms >= 0 && wait_ms <= 250);
        return row.broken == "no lock" ? itero::TokenLock::refused : itero::TokenLock::taken;
    };
    store.unlock = [&row] { row.use("unlock"); };
    itero::Config config = sandbox_config(ready, browser);
    config.set_token_callbacks(itero::Tokens::sealed, store);
    return itero::Client(config);
}

static void a_token_store_keeps_the_sign_in_and_may_throw(const std::string &ready, const char *browser) {
    Row row;
    {
        itero::Client client = client_of(row, ready, browser);
        CHECK(client.state() == itero::State::signed_out && client.login_run(30000).wait());
        CHECK(!row.text.empty());
    }
    itero::Client client = client_of(row, ready, browser);
    CHECK(client.state() == itero::State::signed_in && !client.accounts().empty());

    for (const char *const broken : {"lock", "no lock"}) {
        row.broken = broken;
        FAILS(client.refresh(), ITERO_E_STORE);
        if (row.broken == "lock") THROWS(client.rethrow(), "lock");
        client.rethrow();
    }
    /* What came from the service is not lost by them. */
    for (const char *const broken : {"save", "unlock"}) {
        row.broken = broken;
        client.refresh();
        /* The library may still be giving the lock back, on its own thread. */
        std::string thrown;
        for (int tries = 0; thrown.empty() && tries < 500; tries++) {
            try {
                client.rethrow();
                std::this_thread::sleep_for(std::chrono::milliseconds(10));
            } catch (const std::string &function) {
                thrown = function;
            }
        }
        SAME(thrown, std::string(broken));
    }

    for (const char *const broken : {"load", "no load"}) {
        row.broken = broken;
        itero::Client other = client_of(row, ready, browser);
        CHECK(other.state() == itero::State::signed_out);
        FAILS(other.accounts(), ITERO_E_STORE);
        if (row.broken == "load") THROWS(other.rethrow(), "load");
        other.rethrow();
    }
    row.broken = "";
    client.refresh();
    client.revoke();
    CHECK(client_of(row, ready, browser).state() == itero::State::signed_out);
}

/* The notification URL is the pairing's, so this pairs again. */
static void a_listener_that_throws_surfaces(itero::Client &client) {
    std::atomic<int> calls(0);
    itero::Listener first = client.listener_start(0, [&](const std::string &rx_id, const std::string &account_id) {
        CHECK(!rx_id.empty() && account_id == client.account_id());
        ++calls;
        throw std::string("heard");
    });
    itero::Listener listener;
    listener = std::move(first);
    client.pair(client.account_id(), listener.url());
    send(client, "Ben", "Otter", "C-5");
    UNTIL(calls > 0);
    /* The call is counted before it throws. */
    const auto stop = [&] {
        sleep_ms(50);
        listener.stop();
    };
    THROWS(stop(), "heard");
    listener.stop();
    FAILS(listener.wait(0), ITERO_E_STATE);
    SAME(itero::Notification::parse("{\"rxId\":\"r\",\"accountId\":\"a\"}").rx_id(), "r");
    FAILS(itero::Notification::parse("{}"), ITERO_E_PROTOCOL);
}

static void a_watch_that_throws_surfaces(itero::Client &client, const std::string &folder) {
    std::atomic<int> calls(0);
    std::atomic<bool> go_on(false);
    const auto throwing = [&](const itero::Event &event) {
        SAME(event.orders()[0].id(), event.order_id());
        if (++calls == 1) throw event.order_id();
        UNTIL(go_on);
    };
    itero::Watch first = client.watch_start(folder + "/watch.json", "2020-01-01", nullptr, 100, throwing);
    itero::Watch watch(std::move(first));
    UNTIL(calls > 1);
    const std::string order_id = thrown_text(__FILE__, __LINE__, [&] { watch.rethrow(); });
    CHECK(!order_id.empty());
    go_on = true;
    watch.rethrow();
    SAME(watch.status().status(), ITERO_OK);
    watch.hint(itero::Notification::parse("{\"rxId\":\"r\",\"accountId\":\"a\"}"));
    watch.stop();
    SAME(watch.status().status(), ITERO_E_CANCELLED);

    itero::Watch waiting = client.watch_start(folder + "/watch.json", nullptr, nullptr, 100);
    const itero::Event event = waiting.wait(10000);
    CHECK(event && event.version().size() == 32 && !event.status().empty());
    waiting.ack(event);
    waiting.ack(event.order_id(), event.version());
}

/* The callback's object must outlive the call that ends its registration. */
static void an_owner_may_free_itself_in_its_callback(itero::Client &client, const std::string &folder) {
    std::unique_ptr<itero::Watch> owner;
    std::atomic<bool> is_owned(false), is_over(false);
    const std::string canary = "still here, and too long to be kept inside the object";
    owner.reset(new itero::Watch(
        client.watch_start(folder + "/self.json", "2020-01-01", nullptr, 100, [&, canary](const itero::Event &event) {
            UNTIL(is_owned);
            owner.reset();
            SAME(canary, "still here, and too long to be kept inside the object");
            CHECK(!event.order_id().empty());
            is_over = true;
        })));
    is_owned = true;
    UNTIL(is_over);
}

static void a_log_that_throws_is_kept_until_asked(itero::Client &client) {
    std::atomic<int> lines(0);
    itero::log_set(itero::LogLevel::debug, [&](itero::LogLevel level, const std::string &line) {
        CHECK(level >= itero::LogLevel::error && !line.empty());
        if (++lines == 1) throw std::string("no log");
    });
    client.accounts();
    client.accounts();
    UNTIL(lines > 1);
    THROWS(itero::log_rethrow(), "no log");
    itero::log_rethrow();
    itero::log_set(itero::LogLevel::debug, nullptr);
    const int before = lines;
    client.accounts();
    SAME(lines.load(), before);
}

static void cancel_ends_a_call_at_once(const std::string &port) {
    const std::string url = "http://127.0.0.1:" + port;
    itero::Config config;
    config.set_token_memory();
    config.set_client_id("x");
    config.set_login_page(url + "/login");
    config.set_oauth_base(url);
    config.set_base_url(url);
    itero::Client client(config);
    /* The fastest of several: the computer may be busy with something else. */
    long long fastest = 250;
    for (int i = 0; i < 5; i++) {
        std::atomic<bool> is_over(false);
        std::thread other([&] {
            FAILS(client.discover(), ITERO_E_CANCELLED);
            is_over = true;
        });
        sleep_ms(200);
        CHECK(!is_over);
        fastest = std::min(fastest, milliseconds([&] {
            client.cancel();
            other.join();
        }));
    }
    CHECK(fastest < 250);
}

int main(int argc, char **argv) {
    CHECK(argc == 5);
    const std::string ready = read(argv[1]), folder = argv[2];
    itero::Client client = signed_in(ready, argv[3]);
    FAILS(client.orders(), ITERO_E_NOT_PAIRED);
    client.pair(client.accounts()[0].id());
    CHECK(client.state() == itero::State::paired && !client.account_id().empty());
    an_error_has_what_the_service_said(client);
    a_throwing_push_sends_nothing(client);
    names_arrive_intact_both_ways(client);
    tables_are_ranges(client);
    a_progress_that_throws_surfaces_in_wait(client, folder);
    a_lost_answer_is_resolved_by_its_operation(client);
    an_outbox_sends_what_was_put_in(client, folder);
    a_token_store_keeps_the_sign_in_and_may_throw(ready, argv[3]);
    a_listener_that_throws_surfaces(client);
    a_watch_that_throws_surfaces(client, folder);
    an_owner_may_free_itself_in_its_callback(client, folder);
    a_log_that_throws_is_kept_until_asked(client);
    cancel_ends_a_call_at_once(argv[4]);
    client.unpair();
    client.revoke();
    itero::shutdown();
    std::printf("cloud ok\n");
    return 0;
}
