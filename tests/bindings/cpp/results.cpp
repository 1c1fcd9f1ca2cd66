/*
 * The wrapper without exceptions: every call returns what it has, or the error.
 *
 *     results READY-FILE BROWSER-PROGRAM
 */

#include <type_traits>

#include "check.hpp"

#if !defined(ITERO_NO_EXCEPTIONS)
#error "this is for the mode without exceptions"
#endif

int results(const char *ready_file, const char *browser);

static_assert(std::is_same<decltype(std::declval<itero::Client &>().discover()), itero::Result<void>>::value, "results");

static void a_failure_is_a_value() {
    itero::Config config;
    const itero::Result<void> failed = config.set_loopback_port(-1);
    CHECK(!failed && !failed.ok());
    SAME(failed.status(), ITERO_E_ARGUMENT);
    SAME(failed.error().status(), ITERO_E_ARGUMENT);
    SAME(failed.error().operation(), "itero_config_set_loopback_port");
    CHECK(!failed.error().message().empty() && !failed.error().advice().empty());
    const itero::Result<void> done = config.set_loopback_port(0);
    CHECK(done && done.ok());
    SAME(done.status(), ITERO_OK);
    SAME(done.error().status(), ITERO_OK);

    itero::Result<itero::Client> client = itero::Client::make(config);
    SAME(client.status(), ITERO_E_ARGUMENT);
    SAME(client.value().discover().status(), ITERO_E_HANDLE);
    for (auto order : client.value().orders().value()) fail(__FILE__, __LINE__, order.id());
    const itero::Result<bool> known = client.value().rx_is_known("x");
    SAME(known.status(), ITERO_E_HANDLE);
    CHECK(!known.value());
    SAME(failed.error().retry_after_ms(), -1);
    SAME(done.error().retry_after_ms(), -1);
    SAME(itero::text_to_code_page("Müller", 1252).value(), "M\xfcller");
    const itero::Result<std::string> lacking = itero::text_to_code_page("山田", 1252);
    SAME(lacking.status(), ITERO_E_TEXT);
    SAME(lacking.value(), "");
    itero::Result<itero::Outbox> outbox = itero::Outbox::open("relative");
    SAME(outbox.status(), ITERO_E_ARGUMENT);
    SAME(outbox.value().add_rx_delete("x").status(), ITERO_E_HANDLE);
    for (auto item : outbox.value().items().value()) fail(__FILE__, __LINE__, item.message());
    SAME(config.set_token_callbacks(itero::Tokens::sealed, itero::TokenStore()).status(), ITERO_E_ARGUMENT);
    itero::Config gone(std::move(config));
    SAME(config.set_proxy("none").status(), ITERO_E_HANDLE);
}

static void a_success_has_its_value(const std::string &ready, const char *browser) {
    itero::Client client = itero::Client::make(sandbox_config(ready, browser)).value();
    itero::Result<itero::Login> login = client.login_run(30000);
    const itero::Result<bool> signed_in = login.value().wait();
    CHECK(signed_in.ok() && signed_in.value());
    std::string account_id;
    for (auto account : client.accounts().value()) account_id = account.id();
    SAME(client.pair(account_id).status(), ITERO_OK);
    const itero::Result<itero::Orders> none = client.orders_by_rx("no-such-rx");
    SAME(none.status(), ITERO_E_NOT_FOUND);
    SAME(none.error().http_status(), 404);
    CHECK(none.value().empty());
    itero::Result<itero::Listener> listener = client.listener_start(0, [](const std::string &, const std::string &) {});
    CHECK(listener && listener.value().stop());
    listener.value().rethrow();
    itero::Listener quiet = client.listener_start().value();
    const itero::Result<itero::Notification> nothing = quiet.wait(0);
    CHECK(nothing.ok() && !nothing.value());
    SAME(client.revoke().status(), ITERO_OK);
}

int results(const char *ready_file, const char *browser) {
    a_failure_is_a_value();
    a_success_has_its_value(read(ready_file), browser);
    SAME(itero::shutdown().status(), ITERO_OK);
    std::printf("results ok\n");
    return 0;
}

#if !defined(NO_MAIN)
int main(int argc, char **argv) {
    CHECK(argc == 3);
    return results(argv[1], argv[2]);
}
#endif
