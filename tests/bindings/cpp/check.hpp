/* What the wrapper's test programs share: checks that tell where and what, and a client of the sandbox. */

#ifndef CHECK_HPP
#define CHECK_HPP

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <sstream>
#include <string>

#include "itero.hpp"

inline void fail(const char *file, int line, const std::string &what) {
    std::fflush(stdout);
    std::fprintf(stderr, "%s:%d: %s\n  last error: %s\n", file, line, what.c_str(), itero_last_error_message());
    std::_Exit(1);
}

#define CHECK(condition) \
    do { \
        if (!(condition)) fail(__FILE__, __LINE__, #condition); \
    } while (0)

template <class A, class B> void check_same(const char *file, int line, const char *text, const A &a, const B &b) {
    if (a == b) return;
    std::ostringstream what;
    what << text << ": \"" << a << "\" is not \"" << b << "\"";
    fail(file, line, what.str());
}
#define SAME(a, b) check_same(__FILE__, __LINE__, #a, a, b)

/* How many milliseconds a call takes. */
template <class F> long long milliseconds(F call) {
    const auto began = std::chrono::steady_clock::now();
    call();
    return std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - began).count();
}

#if !defined(ITERO_NO_EXCEPTIONS)
/* The Error that a call must end with. */
template <class F> itero::Error error_of(const char *file, int line, F call) {
    try {
        call();
    } catch (const itero::Error &error) {
        return error;
    }
    fail(file, line, "nothing was thrown");
    std::abort();
}
#define FAILS(call, expected) SAME(error_of(__FILE__, __LINE__, [&] { call; }).status(), expected)

/* What the call must end with when a callback has thrown a text. */
template <class F> std::string thrown_text(const char *file, int line, F call) {
    try {
        call();
    } catch (const std::string &text) {
        return text;
    }
    fail(file, line, "no text was thrown");
    std::abort();
}
#define THROWS(call, expected) SAME(thrown_text(__FILE__, __LINE__, [&] { call; }), std::string(expected))
#endif

/* A text member of the sandbox's ready file. */
inline std::string member(const std::string &json, const std::string &name) {
    std::string value;
    std::size_t at = json.find("\"" + name + "\":");
    CHECK(at != std::string::npos);
    at = json.find_first_not_of(' ', at + name.size() + 3);
    if (json[at] != '"') return value;
    while (json[++at] != '"') value += json[at];
    return value;
}

inline std::string read(const char *path) {
    std::ifstream file(path, std::ios::binary);
    CHECK(file.good());
    return std::string(std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>());
}

/*
 * A config for the sandbox, which leaves no tokens in the user's folder. Here nothing can fail but a broken library, and
 * then the client is refused.
 */
inline itero::Config sandbox_config(const std::string &ready, const char *browser) {
    itero::Config config;
    static_cast<void>(config.set_client_id(member(ready, "clientId")));
    static_cast<void>(config.set_client_secret(member(ready, "clientSecret")));
    static_cast<void>(config.set_login_page(member(ready, "loginPage")));
    static_cast<void>(config.set_oauth_base(member(ready, "oauthBase")));
    static_cast<void>(config.set_base_url(member(ready, "baseUrl")));
    static_cast<void>(config.set_ca_file(member(ready, "caFile")));
    static_cast<void>(config.set_browser(browser));
    static_cast<void>(config.set_token_memory());
    return config;
}

#endif
