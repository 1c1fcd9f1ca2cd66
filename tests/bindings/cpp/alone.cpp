/* What the wrapper promises without a network: ownership, moves, errors, text, and empty objects. */

#include <algorithm>
#include <type_traits>
#include <vector>

#include "check.hpp"

#if __cplusplus >= 202002L
#include <ranges>
static_assert(std::ranges::random_access_range<itero::Orders> && std::ranges::sized_range<itero::Orders>, "a range");
static_assert(std::ranges::random_access_range<itero::Rows<itero::Doctor>>, "a range");
#endif
static_assert(std::is_base_of<std::runtime_error, itero::Error>::value, "the family of errors");
static_assert(std::is_nothrow_copy_constructible<itero::Error>::value, "a copy never throws");

template <class T> constexpr bool is_move_only() {
    return !std::is_copy_constructible<T>::value && !std::is_copy_assignable<T>::value &&
           std::is_nothrow_move_constructible<T>::value && std::is_nothrow_move_assignable<T>::value;
}
static_assert(is_move_only<itero::CapturedError>() && is_move_only<itero::Config>() && is_move_only<itero::Client>() &&
                  is_move_only<itero::Login>() && is_move_only<itero::Accounts>() && is_move_only<itero::Warnings>() &&
                  is_move_only<itero::Practice>() && is_move_only<itero::Patients>() && is_move_only<itero::Matches>() &&
                  is_move_only<itero::ScanRequest>() && is_move_only<itero::Rx>() && is_move_only<itero::Ledger>() &&
                  is_move_only<itero::Resolution>() && is_move_only<itero::Outbox>() &&
                  is_move_only<itero::OutboxJob>() && is_move_only<itero::OutboxItems>() &&
                  is_move_only<itero::OrderQuery>() && is_move_only<itero::Orders>() &&
                  is_move_only<itero::OrderCursor>() && is_move_only<itero::Download>() &&
                  is_move_only<itero::Notification>() && is_move_only<itero::Listener>() &&
                  is_move_only<itero::Watch>() && is_move_only<itero::Event>() && is_move_only<itero::Diagnosis>(),
              "every handle has one owner");

static bool is_alive(itero_config *config) { return itero_config_set_proxy(config, "none") == ITERO_OK; }

static void an_object_frees_its_handle_once() {
    itero_config *raw;
    {
        itero::Config config;
        raw = config.handle();
        CHECK(is_alive(raw));
    }
    CHECK(!is_alive(raw));
    SAME(itero_last_error_status(), ITERO_E_HANDLE);

    itero_config_new(&raw);
    { itero::Config adopted(raw); }
    CHECK(!is_alive(raw));
}

static void a_move_hands_the_handle_over() {
    itero::Config first;
    itero_config *raw = first.handle();
    itero::Config second(std::move(first));
    CHECK(second.handle() == raw && is_alive(raw));
    CHECK(!first && second);

    itero::Config third;
    itero_config *old = third.handle();
    third = std::move(second);
    CHECK(third.handle() == raw && is_alive(raw) && !is_alive(old));

    itero::Config &same = third;
    third = std::move(same);
    CHECK(third.handle() == raw && is_alive(raw));

    std::swap(first, third);
    CHECK(first.handle() == raw && !third);

    std::vector<itero::Config> many;
    for (int i = 0; i < 100; i++) many.emplace_back();
    many.erase(many.begin(), many.begin() + 50);
    for (const auto &config : many) CHECK(is_alive(config.handle()));
}

/* The end of an exception's way must not bring another error, nor wipe the first away. */
static void freeing_leaves_the_error_alone() {
    {
        itero::Config config;
        CHECK(itero_config_set_loopback_port(config.handle(), -1) == ITERO_E_ARGUMENT);
    }
    SAME(itero_last_error_status(), ITERO_E_ARGUMENT);
}

static void an_error_tells_all_that_is_known() {
    itero::Config config;
    const itero::Error error = error_of(__FILE__, __LINE__, [&] { config.set_loopback_port(70000); });
    SAME(error.status(), ITERO_E_ARGUMENT);
    SAME(error.status_name(), "ITERO_E_ARGUMENT");
    SAME(error.operation(), "itero_config_set_loopback_port");
    SAME(error.message(), itero_last_error_message());
    SAME(std::string(error.what()), error.message());
    SAME(error.advice(), itero_last_error_advice());
    CHECK(!error.message().empty() && !error.advice().empty());
    SAME(error.http_status(), 0);
    SAME(error.service_code(), "");
    SAME(error.request_id(), "");
    CHECK(!error.retryable());
    SAME(error.retry_after_ms(), -1);
    SAME(error.operation_id(), "");

    const itero::Error captured = itero::CapturedError::capture().error();
    SAME(captured.status(), error.status());
    SAME(captured.message(), error.message());
    SAME(captured.operation(), error.operation());
    SAME(captured.advice(), error.advice());
    SAME(captured.retry_after_ms(), -1);
    SAME(captured.operation_id(), "");

    itero::Error copy(error);
    config.set_loopback_port(0);
    copy = captured;
    SAME(copy.message(), error.message());
    SAME(itero::Error::last().status(), ITERO_OK);
    try {
        config.set_loopback_port(-1);
    } catch (const std::exception &base) {
        SAME(std::string(base.what()), std::string(itero_last_error_message()));
    }
}

static void text_arrives_whole_or_not_at_all() {
    itero::Config config;
    const std::string url = "https://example.com/";
    config.set_base_url(url);
    config.set_base_url(url.c_str());
    config.set_base_url("");
    FAILS(config.set_base_url(std::string("https://example.com/\0evil", 25)), ITERO_E_TEXT);
    FAILS(config.set_base_url("\xc3("), ITERO_E_TEXT);
    FAILS(config.set_base_url(nullptr), ITERO_E_ARGUMENT);
    SAME(std::string(itero::Text(std::string("Žofie שרה 山田")).c_str()), "Žofie שרה 山田");
#if defined(__cpp_char8_t)
    SAME(std::string(itero::Text(u8"Žofie שרה 山田").c_str()), "Žofie שרה 山田");
    SAME(std::string(itero::Text(std::u8string(u8"Žofie")).c_str()), "Žofie");
    FAILS(config.set_base_url(std::u8string(u8"a\0b", 3)), ITERO_E_TEXT);
#endif
    const itero::Text copied = itero::Text(url);
    const itero::Text twice(copied);
    SAME(std::string(twice.c_str()), url);
#if __cplusplus >= 201703L
    const std::string longer = url + "and more";
    SAME(std::string(itero::Text(std::string_view(longer).substr(0, url.size())).c_str()), url);
    FAILS(config.set_base_url(std::string_view("a\0b", 3)), ITERO_E_TEXT);
#endif
}

static void text_is_converted_whole_or_not_at_all() {
    const std::string narrow = "Žofie שרה 山田 𠮷";
    const std::u16string wide = u"Žofie שרה 山田 𠮷";
    CHECK(itero::text_to_utf16(narrow) == wide);
    SAME(itero::text_from_utf16(wide), narrow);
    CHECK(itero::text_to_utf16("").empty() && itero::text_from_utf16(u"").empty());
    FAILS(itero::text_to_utf16("\xc3("), ITERO_E_TEXT);
    FAILS(itero::text_from_utf16(wide.substr(0, wide.size() - 1)), ITERO_E_TEXT);
    FAILS(itero::text_from_utf16(std::u16string(u"a\0b", 3)), ITERO_E_TEXT);
    SAME(itero::text_from_utf16(std::u16string(65536, u'x')).size(), 65536u);
    FAILS(itero::text_from_utf16(std::u16string(65537, u'x')), ITERO_E_ARGUMENT);

    SAME(itero::text_to_code_page("Müller", 1252), "M\xfcller");
    SAME(itero::text_from_code_page("M\xfcller", 1252), "Müller");
    SAME(itero::text_from_code_page(itero::text_to_code_page("山田", 932), 932), "山田");
    FAILS(itero::text_to_code_page("山田", 1252), ITERO_E_TEXT);
    FAILS(itero::text_to_code_page("x", 4711), ITERO_E_ARGUMENT);
    const itero::Error error =
        error_of(__FILE__, __LINE__, [] { itero::text_from_code_page(std::string("a\0b", 3), 1252); });
    SAME(error.status(), ITERO_E_TEXT);
    SAME(error.operation(), "itero_text_from_code_page");
}

static bool nothing_to_load(std::string &) { return true; }
static bool saved(const std::string &) { return true; }
static itero::TokenLock locked(int32_t) { return itero::TokenLock::taken; }
static void unlocked() {}

static void a_token_store_has_all_its_functions_and_lives_as_long_as_its_owners() {
    const std::shared_ptr<int> kept = std::make_shared<int>(1);
    const itero::TokenStore store = {[kept](std::string &) { return kept != nullptr; }, saved, locked, unlocked};
    const auto owners = [&] { return kept.use_count() - 2; }; /* this function's two aside */
    const itero::Tokens sealed = itero::Tokens::sealed;
    itero::Client client;
    {
        itero::Config config;
        FAILS(config.set_token_callbacks(sealed, itero::TokenStore()), ITERO_E_ARGUMENT);
        FAILS(config.set_token_callbacks(sealed, {nullptr, saved, locked, unlocked}), ITERO_E_ARGUMENT);
        FAILS(config.set_token_callbacks(sealed, {nothing_to_load, nullptr, locked, unlocked}), ITERO_E_ARGUMENT);
        FAILS(config.set_token_callbacks(sealed, {nothing_to_load, saved, nullptr, unlocked}), ITERO_E_ARGUMENT);
        FAILS(config.set_token_callbacks(sealed, {nothing_to_load, saved, locked, nullptr}), ITERO_E_ARGUMENT);
        config.set_token_callbacks(sealed, store);
        SAME(owners(), 1);
        FAILS(config.set_token_callbacks(static_cast<itero::Tokens>(7), store), ITERO_E_ARGUMENT);
        SAME(owners(), 1);
        config.set_client_id("x");
        config.set_login_page("https://example.com/login");
        config.set_oauth_base("https://example.com/");
        config.set_base_url("https://example.com/");
        client = itero::Client(config);
        config.set_token_callbacks(sealed, {nothing_to_load, saved, locked, unlocked});
    }
    SAME(owners(), 1);
    CHECK(client.state() == itero::State::signed_out);
    client = itero::Client();
    SAME(owners(), 0);
    FAILS(itero::Config().set_token_file("relative"), ITERO_E_ARGUMENT);
    itero::Config().set_token_file("");
}

template <class T> T moved_from(T object = T()) {
    T elsewhere(std::move(object));
    return object;
}

/* Every method, on an object whose handle is gone. */
static void use_after_move_is_an_error_not_a_crash() {
    const int32_t gone = ITERO_E_HANDLE;

    itero::Config config = moved_from<itero::Config>();
    FAILS(config.set_api_version(itero::ApiVersion::v1), gone);
    FAILS(config.set_client_id("x"), gone);
    FAILS(config.set_client_secret("x"), gone);
    FAILS(config.set_login_page("x"), gone);
    FAILS(config.set_oauth_base("x"), gone);
    FAILS(config.set_base_url("x"), gone);
    FAILS(config.set_redirect_url("x"), gone);
    FAILS(config.set_allowed_domain("x"), gone);
    FAILS(config.set_endpoint("x", "x"), gone);
    FAILS(config.set_product("x"), gone);
    FAILS(config.set_ca_file("/x"), gone);
    FAILS(config.set_state_folder("/x"), gone);
    FAILS(config.set_proxy("x"), gone);
    FAILS(config.set_browser("/x"), gone);
    FAILS(config.set_loopback_port(1), gone);
    FAILS(config.set_timeouts(1, 1, 1), gone);
    FAILS(config.set_settling_time(1), gone);
    FAILS(config.set_parallel_files(1), gone);
    FAILS(config.set_token_file("/x"), gone);
    FAILS(config.set_token_memory(), gone);
    FAILS(config.set_token_callbacks(itero::Tokens::open, {nothing_to_load, saved, locked, unlocked}), gone);
    FAILS(itero::Client client(config), gone);

    itero::ScanRequest request = moved_from<itero::ScanRequest>();
    FAILS(request.set_doctor_id("x"), gone);
    FAILS(request.set_patient_first_name("x"), gone);
    FAILS(request.set_patient_last_name("x"), gone);
    FAILS(request.set_patient_chart_number("x"), gone);
    FAILS(request.set_patient_birth_date("1970-01-01"), gone);
    FAILS(request.set_patient_gender("x"), gone);
    FAILS(request.set_procedure_map_id("x"), gone);
    FAILS(request.set_scanner_serial_number("x"), gone);
    FAILS(request.set_lab_id("x"), gone);
    FAILS(request.set_due_date("2030-01-01"), gone);
    FAILS(request.set_notes("x"), gone);
    FAILS(request.add_tooth("11"), gone);
    FAILS(request.set_update_patient(true), gone);

    itero::OrderQuery query = moved_from<itero::OrderQuery>();
    FAILS(query.set_from("2026-01-01"), gone);
    FAILS(query.set_to("2026-01-01"), gone);
    FAILS(query.set_chart_number("x"), gone);
    FAILS(query.set_page_size(1), gone);

    itero::Client client = moved_from<itero::Client>();
    CHECK(client.state() == itero::State::signed_out);
    SAME(itero::Error::last().status(), gone);
    SAME(client.account_id() + client.region(), "");
    FAILS(client.discover(), gone);
    FAILS(client.refresh(), gone);
    FAILS(client.revoke(), gone);
    FAILS(client.pair("x"), gone);
    FAILS(client.unpair(), gone);
    FAILS(client.cancel(), gone);
    FAILS(client.login_begin(), gone);
    FAILS(client.login_run(), gone);
    FAILS(client.auth_exchange_code("x", "x"), gone);
    FAILS(client.accounts(), gone);
    FAILS(client.warnings(), gone);
    FAILS(client.practice(), gone);
    FAILS(client.patients_search("x", "x"), gone);
    FAILS(client.patients_update("x", "x"), gone);
    FAILS(client.patients_update_by_chart_number("x", "x"), gone);
    FAILS(client.patients_match("x", "x"), gone);
    FAILS(client.scan_request_send(itero::ScanRequest()), gone);
    FAILS(client.rx_delete("x"), gone);
    FAILS(client.rx_push(itero::ScanRequest(), itero::PushPolicy::ask, [](const itero::Matches &) { return 0; }), gone);
    FAILS(client.rx_is_known("x"), gone);
    FAILS(client.ledger_find(), gone);
    FAILS(client.rx_resolve("x"), gone);
    FAILS(client.rx_settle("x", "x"), gone);
    FAILS(client.orders(), gone);
    FAILS(client.orders(itero::OrderQuery()), gone);
    FAILS(client.orders_by_rx("x"), gone);
    FAILS(client.orders_open(), gone);
    FAILS(client.orders_open(itero::OrderQuery()), gone);
    FAILS(client.download_start("x", "/x"), gone);
    FAILS(client.download_start_from_order(itero::Orders()[0], "/x"), gone);
    FAILS(client.download_start_file("x", "x", "/x"), gone);
    FAILS(client.listener_start(), gone);
    FAILS(client.watch_start("/x"), gone);
    FAILS(client.diagnose(), gone);

    itero::Login login = moved_from<itero::Login>();
    SAME(login.url(), "");
    FAILS(login.complete("x"), gone);
    FAILS(login.wait(0), gone);
    FAILS(login.cancel(), gone);

    itero::Outbox outbox = moved_from<itero::Outbox>();
    FAILS(outbox.add_scan_request(itero::ScanRequest()), gone);
    FAILS(outbox.add_patient_update("x", "x"), gone);
    FAILS(outbox.add_patient_update_by_chart_number("x", "x"), gone);
    FAILS(outbox.add_rx_delete("x"), gone);
    FAILS(outbox.remove(1), gone);
    FAILS(outbox.retry(1), gone);
    FAILS(outbox.settle(1, "x"), gone);
    FAILS(outbox.run(client), gone);
    FAILS(outbox.items(), gone);
    itero::OutboxJob job = moved_from<itero::OutboxJob>();
    FAILS(job.wait(0), gone);
    FAILS(job.cancel(), gone);

    itero::Download download = moved_from<itero::Download>();
    FAILS(download.wait(0), gone);
    FAILS(download.progress(), gone);
    FAILS(download.cancel(), gone);
    CHECK(download.files().empty());
    download.rethrow();

    itero::Listener listener = moved_from<itero::Listener>();
    SAME(listener.url(), "");
    FAILS(listener.wait(0), gone);
    FAILS(listener.stop(), gone);

    itero::Watch watch = moved_from<itero::Watch>();
    FAILS(watch.wait(0), gone);
    FAILS(watch.ack("x", "00000000000000000000000000000000"), gone);
    FAILS(watch.hint(itero::Notification()), gone);
    SAME(watch.status().status(), gone);
    FAILS(watch.stop(), gone);

    FAILS(moved_from<itero::OrderCursor>().next(), gone);
    FAILS(moved_from<itero::Event>().orders(), gone);
    FAILS(moved_from<itero::Warnings>().missing_chart_number(), gone);
    FAILS(moved_from<itero::Warnings>().duplicates()[0].patients(), gone);
    CHECK(moved_from<itero::Warnings>().duplicates().empty());

    SAME(moved_from<itero::Rx>().id() + moved_from<itero::Rx>().order_id() + moved_from<itero::Rx>().patient_id(), "");
    SAME(moved_from<itero::Rx>().created_at() + moved_from<itero::Rx>().operation_id() + itero::Rx().json(), "");
    SAME(moved_from<itero::Rx>().created_time(), -1);
    const itero::Resolution resolution = moved_from<itero::Resolution>();
    SAME(static_cast<int32_t>(resolution.outcome()), -1);
    SAME(resolution.rx_id() + resolution.operation_id(), "");
    SAME(resolution.wait_ms(), -1);
    const itero::Event event = moved_from<itero::Event>();
    SAME(event.order_id() + event.rx_id() + event.account_id() + event.status() + event.version(), "");
    const itero::Notification notification = moved_from<itero::Notification>();
    SAME(notification.rx_id() + notification.account_id(), "");
    const itero::Error nothing = moved_from<itero::CapturedError>().error();
    SAME(nothing.status(), 0);
    SAME(nothing.retry_after_ms(), -1);
    SAME(nothing.operation_id(), "");
}

/* A row that isn't there, of a table that isn't there. */
static void rows_of_nothing_have_their_defaults() {
    const itero::Account account = itero::Accounts()[0];
    SAME(account.id() + account.name() + account.type() + account.address() + itero::Accounts().json(), "");
    CHECK(!account.is_paired());
    const itero::Patient patient = itero::Patients()[4000000000u];
    SAME(patient.id() + patient.first_name() + patient.last_name() + patient.chart_number() + patient.birth_date(), "");
    SAME(itero::Patients().json() + itero::Warnings().json() + itero::Orders().json() + itero::Practice().json(), "");
    SAME(itero::Warnings().duplicates()[0].chart_number(), "");
    const itero::Practice practice;
    SAME(practice.account_id() + practice.name() + practice.address() + practice.phone() + practice.time_zone(), "");
    CHECK(practice.doctors().empty() && practice.labs().empty());
    CHECK(practice.procedures().empty() && practice.scanners().empty());
    const itero::Doctor doctor = practice.doctors()[3];
    SAME(doctor.id() + doctor.first_name() + doctor.last_name() + doctor.license_number() + doctor.email(), "");
    SAME(practice.labs()[0].id() + practice.labs()[0].name(), "");
    SAME(practice.procedures()[0].map_id() + practice.procedures()[0].name(), "");
    const itero::Scanner scanner = practice.scanners()[0];
    SAME(scanner.serial_number() + scanner.model() + scanner.name(), "");
    const itero::Match match = itero::Matches()[0];
    SAME(match.patient_id() + match.first_name() + match.last_name() + match.chart_number() + match.birth_date(), "");
    SAME(match.reason_text(), "");
    SAME(match.score(), -1);
    SAME(match.reason(), 0);
    const itero::LedgerEntry entry = itero::Ledger()[0];
    SAME(entry.rx_id() + entry.operation_id() + entry.account_id(), "");
    SAME(static_cast<int32_t>(entry.outcome()), -1);
    SAME(entry.time(), -1);
    const itero::OutboxItem item = itero::OutboxItems()[0];
    SAME(item.rx_id() + item.operation_id() + item.message(), "");
    SAME(item.id() + item.status() + item.attempts(), 0);
    SAME(static_cast<int32_t>(item.kind()) + static_cast<int32_t>(item.state()), 0);
    SAME(item.created_time(), -1);
    SAME(item.changed_time(), -1);
    const itero::Order order = itero::Orders()[0];
    SAME(order.id() + order.code() + order.rx_id() + order.account_id() + order.status() + order.case_type(), "");
    SAME(order.due_date() + order.lab_id() + order.notes() + order.scan_date() + order.updated_date(), "");
    SAME(order.patient_id() + order.patient_first_name() + order.patient_last_name(), "");
    SAME(order.patient_chart_number() + order.doctor_id() + order.doctor_first_name() + order.doctor_last_name(), "");
    SAME(order.scan_time(), -1);
    SAME(order.updated_time(), -1);
    CHECK(order.files().empty());
    const itero::OrderFile file = order.files()[0];
    SAME(file.id() + file.kind() + file.name() + file.content_type() + file.sha256(), "");
    SAME(file.size(), -1);
    const itero::DownloadedFile brought = itero::Download().files()[0];
    SAME(brought.path() + brought.name() + brought.kind() + brought.archive() + brought.sha256(), "");
    SAME(brought.size(), -1);
    SAME(brought.triangles(), -1);
    SAME(brought.extent(0), 0.0);
    CHECK(brought.role() == itero::FileRole::other && !brought.was_there());
    const itero::Check check = itero::Diagnosis()[0];
    SAME(check.name() + check.detail() + check.advice(), "");
    CHECK(check.result() == itero::CheckResult::skipped);
    for (auto nobody : itero::Patients()) fail(__FILE__, __LINE__, nobody.id());
}

static void a_moved_query_does_not_ask_for_all_orders() {
    itero::Config config;
    config.set_token_memory();
    config.set_client_id("x");
    config.set_login_page("https://example.com/login");
    config.set_oauth_base("https://example.com/");
    config.set_base_url("https://example.com/");
    itero::Client client(config);
    const itero::OrderQuery gone = moved_from<itero::OrderQuery>();
    FAILS(client.orders(gone), ITERO_E_HANDLE);
    FAILS(client.orders_open(gone), ITERO_E_HANDLE);
    FAILS(client.orders(), ITERO_E_NOT_SIGNED_IN);
    const itero::Listener listener;
#if defined(_WIN32)
    const char *const state_file = "C:\\watch.json";
#else
    const char *const state_file = "/tmp/watch.json";
#endif
    FAILS(client.watch_start(state_file, nullptr, &listener), ITERO_E_HANDLE);
}

static void a_failed_log_leaves_the_one_before() {
    const std::shared_ptr<int> one = std::make_shared<int>(1), other = std::make_shared<int>(2);
    itero::log_set(itero::LogLevel::error, [one](itero::LogLevel, const std::string &) {});
    SAME(one.use_count(), 2);
    const auto refused = [other](itero::LogLevel, const std::string &) {};
    FAILS(itero::log_set(static_cast<itero::LogLevel>(99), refused), ITERO_E_ARGUMENT);
    SAME(one.use_count(), 2);
    SAME(other.use_count(), 2);
    itero::log_set(itero::LogLevel::error, nullptr);
    SAME(one.use_count(), 1);
    itero::log_rethrow();
}

int main() {
    an_object_frees_its_handle_once();
    a_move_hands_the_handle_over();
    freeing_leaves_the_error_alone();
    an_error_tells_all_that_is_known();
    text_arrives_whole_or_not_at_all();
    text_is_converted_whole_or_not_at_all();
    a_token_store_has_all_its_functions_and_lives_as_long_as_its_owners();
    use_after_move_is_an_error_not_a_crash();
    rows_of_nothing_have_their_defaults();
    a_moved_query_does_not_ask_for_all_orders();
    a_failed_log_leaves_the_one_before();
    SAME(itero::version(), itero_version());
    SAME(itero::status_name(ITERO_E_STORE), "ITERO_E_STORE");
    itero::shutdown(0);
    std::printf("alone ok\n");
    return 0;
}
