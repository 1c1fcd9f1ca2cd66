/*
 * itero.hpp: itero.h for C++11 and later. One header beside itero.h; nothing else is needed.
 *
 * itero.h is the manual: what a function does, its parameters, units, errors, and whether it uses the network is told
 * there, and holds here. The names are the same. A class stands for each handle (itero_scan_request: ScanRequest), and
 * a method has the name of its function without "itero_" and the class's noun: itero_scan_request_set_notes is
 * ScanRequest::set_notes. What takes a client is a method of Client (itero_patients_search: Client::patients_search);
 * "_get" and "_list" are left out there (itero_accounts_get: Client::accounts).
 *
 *     itero::Client client(config);
 *     ...
 *     for (auto order : client.orders()) std::cout << order.code() << " " << order.status() << "\n";
 *
 * - Objects own their handle: they can be moved, not copied, and free it at their end, in any order. Config,
 *   ScanRequest and OrderQuery begin with a handle, all others empty. An empty or moved-from object is safe: calls on
 *   it fail with ITERO_E_HANDLE, getters give their default.
 * - A call that fails throws itero::Error. With ITERO_NO_EXCEPTIONS defined, or where the compiler has exceptions
 *   turned off, it returns an itero::Result instead; both kinds of files may be linked into one program.
 * - Tables are ranges. Their rows are small values, good as long as the table or what it was moved to. Text is returned
 *   as std::string, a copy in UTF-8.
 * - Text is passed as std::string or const char * in UTF-8, on Windows also as std::wstring or const wchar_t *. The
 *   functions _set_text_encoding have no method, because in another code page this header's own texts would be wrong: a
 *   program that works in one converts with text_from_code_page and text_to_code_page.
 * - Callbacks are whatever std::function takes. They come on the library's own threads; their object is kept until none
 *   can come any more, wherever the owner is moved to. An exception that leaves a callback never reaches the library:
 *   the owner keeps the first one and throws it in its next call that can fail, or in rethrow(), once. It stops nothing
 *   by itself, but for a push, which then sends nothing, and a token store, as told there.
 * - Calls may come from all threads at once; moving, assigning and destroying an object is for one thread alone.
 */

#ifndef ITERO_HPP
#define ITERO_HPP

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <functional>
#include <iterator>
#include <memory>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "itero.h"

#if defined(_MSVC_LANG)
#define ITERO_CPP _MSVC_LANG
#else
#define ITERO_CPP __cplusplus
#endif

#if ITERO_CPP >= 201703L
#include <string_view>
#define ITERO_NODISCARD [[nodiscard]]
#else
#define ITERO_NODISCARD
#endif

#if !defined(ITERO_NO_EXCEPTIONS) && !defined(__cpp_exceptions) && !defined(__EXCEPTIONS) && !defined(_CPPUNWIND)
#define ITERO_NO_EXCEPTIONS
#endif

#if defined(_WIN32)
/* Declared as the system's own header does, which would bring its macros into every file. */
extern "C" {
__declspec(dllimport) int __stdcall MultiByteToWideChar(unsigned int, unsigned long, const char *, int, wchar_t *, int);
__declspec(dllimport) int __stdcall WideCharToMultiByte(unsigned int, unsigned long, const wchar_t *, int, char *, int,
                                                        const char *, int *);
}
#endif

namespace itero {

/* Other names for the linker in each mode, because the same functions return other types. */
#if defined(ITERO_NO_EXCEPTIONS)
inline namespace results {
#else
inline namespace exceptions {
#endif

/* --------------------------------------------------------------------------------------------------------------------
 * Errors
 * -------------------------------------------------------------------------------------------------------------------- */

/** Why a call failed. A copy shares its texts, so copying never throws. what() is the message. */
class Error : public std::runtime_error {
public:
    /** All that is known of a failure. */
    struct Details {
        int32_t status = ITERO_OK;
        int32_t http_status = 0;
        bool retryable = false;
        int64_t retry_after_ms = -1;
        std::string operation, message, advice, service_code, request_id, operation_id;
    };

    explicit Error(Details details)
        : std::runtime_error(details.message), details_(std::make_shared<const Details>(std::move(details))) {}
    Error(const Error &) = default;
    Error &operator=(const Error &) = default;

    /** What the last call on this thread left; its status is ITERO_OK when the call succeeded. */
    static Error last() {
        Details details;
        details.status = itero_last_error_status();
        details.http_status = itero_last_error_http_status();
        details.retryable = itero_last_error_retryable() != 0;
        details.operation = itero_last_error_operation();
        details.message = itero_last_error_message();
        details.advice = itero_last_error_advice();
        details.service_code = itero_last_error_service_code();
        details.request_id = itero_last_error_request_id();
        details.retry_after_ms = itero_last_error_retry_after_ms();
        details.operation_id = itero_last_error_operation_id();
        return Error(std::move(details));
    }

    /** The status code, such as ITERO_E_NETWORK. */
    int32_t status() const noexcept { return details_->status; }
    /** The status code's name, such as "ITERO_E_NETWORK". */
    std::string status_name() const { return itero_status_name(status()); }
    /** The name of the function of itero.h that failed. */
    const std::string &operation() const noexcept { return details_->operation; }
    /** What was wrong and where, for a log or a help desk. */
    const std::string &message() const noexcept { return details_->message; }
    /** One sentence of advice for the person who has to act. */
    const std::string &advice() const noexcept { return details_->advice; }
    /** The HTTP status of the answer; 0 when there was none. */
    int32_t http_status() const noexcept { return details_->http_status; }
    /** The service's own word for the fault; "" when it gave none. */
    const std::string &service_code() const noexcept { return details_->service_code; }
    /** The id under which the service's help desk finds the request; "" when none was sent. */
    const std::string &request_id() const noexcept { return details_->request_id; }
    /** Whether the same call may succeed later without any change. */
    bool retryable() const noexcept { return details_->retryable; }
    /** How long the service asks to wait before the next call, in milliseconds; -1 when it doesn't say. */
    int64_t retry_after_ms() const noexcept { return details_->retry_after_ms; }
    /** The scan request that the error is about, for Client::rx_resolve; "" when it is about none. */
    const std::string &operation_id() const noexcept { return details_->operation_id; }

private:
    std::shared_ptr<const Details> details_;
};

#if defined(ITERO_NO_EXCEPTIONS)

namespace detail {
/* The error of a call that succeeded. */
inline const Error &no_error() {
    static const Error none((Error::Details()));
    return none;
}
} // namespace detail

/**
 * What a call brings: a value, or the error. Without looking, value() is safe too: after a failure it is empty, and
 * what is done with it fails with ITERO_E_HANDLE.
 */
template <class T> class ITERO_NODISCARD Result {
public:
    Result(T value) : value_(std::move(value)) {}
    Result(Error error) : value_(), error_(new Error(std::move(error))) {}

    /** Whether the call succeeded; says nothing of the value, not even when that is a bool. */
    bool ok() const noexcept { return !error_; }
    explicit operator bool() const noexcept { return ok(); }
    /** ITERO_OK or the error's status. */
    int32_t status() const noexcept { return error_ ? error_->status() : ITERO_OK; }
    /** The error; its status is ITERO_OK after a success. */
    const Error &error() const noexcept { return error_ ? *error_ : detail::no_error(); }
    T &value() & noexcept { return value_; }
    const T &value() const & noexcept { return value_; }
    /** By value, so that `for (auto order : client.orders().value())` keeps the table alive. */
    T value() && { return std::move(value_); }

private:
    T value_;
    std::unique_ptr<Error> error_;
};

/** How a call without a value ended. */
template <> class ITERO_NODISCARD Result<void> {
public:
    Result() {}
    Result(Error error) : error_(new Error(std::move(error))) {}

    /** Whether the call succeeded. */
    bool ok() const noexcept { return !error_; }
    explicit operator bool() const noexcept { return ok(); }
    /** ITERO_OK or the error's status. */
    int32_t status() const noexcept { return error_ ? error_->status() : ITERO_OK; }
    /** The error; its status is ITERO_OK after a success. */
    const Error &error() const noexcept { return error_ ? *error_ : detail::no_error(); }

private:
    std::unique_ptr<Error> error_;
};

/** What functions return: here a Result, with exceptions the value alone. */
template <class T> using Outcome = Result<T>;

#else

/** What functions return: here the value alone, without exceptions a Result. */
template <class T> using Outcome = T;

#endif

/* --------------------------------------------------------------------------------------------------------------------
 * Text
 * -------------------------------------------------------------------------------------------------------------------- */

#if defined(_WIN32)
namespace detail {

/* Fails with "" where `strict` and the text is not UTF-16; else such places become U+FFFD. */
inline std::string narrow(const wchar_t *text, std::size_t length, bool strict) {
    const unsigned long invalid_fails = strict ? 0x80 : 0;
    const int size = static_cast<int>(length);
    const int needed = WideCharToMultiByte(65001, invalid_fails, text, size, nullptr, 0, nullptr, nullptr);
    std::string narrow(static_cast<std::size_t>(needed), '\0');
    if (needed > 0) WideCharToMultiByte(65001, invalid_fails, text, size, &narrow[0], needed, nullptr, nullptr);
    return narrow;
}

} // namespace detail

/** UTF-16 for Windows' own functions, of the UTF-8 that this library gives. */
inline std::wstring to_wide(const std::string &text) {
    const int size = static_cast<int>(text.size());
    const int needed = MultiByteToWideChar(65001, 0, text.data(), size, nullptr, 0);
    std::wstring wide(static_cast<std::size_t>(needed), L'\0');
    if (needed > 0) MultiByteToWideChar(65001, 0, text.data(), size, &wide[0], needed);
    return wide;
}

/** UTF-8 of Windows' UTF-16. Half a pair, which no text has, becomes U+FFFD. */
inline std::string to_utf8(const std::wstring &text) { return detail::narrow(text.data(), text.size(), false); }
#endif

/**
 * A text that is passed to the library, made of what the program has: UTF-8, on Windows also UTF-16. nullptr is "not
 * given". Text that the library can't take whole, with a NUL inside or half a pair of UTF-16, fails with ITERO_E_TEXT.
 */
class Text {
public:
    Text(std::nullptr_t) : borrowed_(nullptr), is_owned_(false) {}
    Text(const char *text) : borrowed_(text), is_owned_(false) {}
    Text(const std::string &text) : borrowed_(whole(text.data(), text.size(), text.c_str())), is_owned_(false) {}
#if ITERO_CPP >= 201703L
    Text(std::string_view text) : borrowed_(whole(text.data(), text.size(), nullptr)), is_owned_(borrowed_ == nullptr) {
        if (is_owned_) owned_ = text;
    }
#endif
#if defined(__cpp_char8_t)
    Text(const char8_t *text) : borrowed_(reinterpret_cast<const char *>(text)), is_owned_(false) {}
    Text(const std::u8string &text)
        : Text(std::string_view(reinterpret_cast<const char *>(text.data()), text.size())) {}
#endif
#if defined(_WIN32)
    Text(const wchar_t *text) : borrowed_(nullptr), is_owned_(false) {
        if (text != nullptr) take(std::wstring(text));
    }
    Text(const std::wstring &text) : borrowed_(nullptr), is_owned_(false) { take(text); }
#endif

    /** The text as itero.h takes it. */
    const char *c_str() const noexcept { return is_owned_ ? owned_.c_str() : borrowed_; }

private:
    /* The library refuses this one, with the function's name and the right status. */
    static const char *not_text() noexcept { return "\xff"; }

    /* A NUL inside would silently cut the text off. */
    static const char *whole(const char *text, std::size_t length, const char *good) noexcept {
        for (std::size_t i = 0; i < length; i++) {
            if (text[i] == '\0') return not_text();
        }
        return good;
    }

#if defined(_WIN32)
    void take(const std::wstring &text) {
        owned_ = detail::narrow(text.data(), text.size(), true);
        is_owned_ = true;
        if (text.find(L'\0') != std::wstring::npos || owned_.empty() != text.empty()) owned_ = not_text();
    }
#endif

    const char *borrowed_;
    bool is_owned_;
    std::string owned_;
};

/* --------------------------------------------------------------------------------------------------------------------
 * What the classes below are made of
 * -------------------------------------------------------------------------------------------------------------------- */

namespace detail {

/* A status as the outcome of a call. */
#if defined(ITERO_NO_EXCEPTIONS)
inline Result<void> done(int32_t status) {
    return status == ITERO_OK ? Result<void>() : Result<void>(Error::last());
}
template <class T> Result<T> done(int32_t status, T value) {
    return status == ITERO_OK ? Result<T>(std::move(value)) : Result<T>(Error::last());
}
#else
inline void done(int32_t status) {
    if (status != ITERO_OK) throw Error::last();
}
template <class T> T done(int32_t status, T value) {
    done(status);
    return value;
}
#endif

/* Waiting: whether it has come. */
inline Outcome<bool> arrived(int32_t status) {
    return done(status == ITERO_E_PENDING ? ITERO_OK : status, status == ITERO_OK);
}

/* A lock for a few instructions; std::mutex is not there in all of MinGW's thread models. */
class Lock {
public:
    explicit Lock(std::atomic_flag &flag) : flag_(flag) {
        while (flag_.test_and_set(std::memory_order_acquire)) {}
    }
    ~Lock() { flag_.clear(std::memory_order_release); }
    Lock(const Lock &) = delete;
    Lock &operator=(const Lock &) = delete;

private:
    std::atomic_flag &flag_;
};

/* Where an exception stays that has left a callback, until the program asks. */
class Thrown {
public:
#if defined(ITERO_NO_EXCEPTIONS)
    template <class F> void guard(F call) { call(); }
    void rethrow() {}
#else
    Thrown() { busy_.clear(); }

    template <class F> void guard(F call) noexcept {
        try {
            call();
        } catch (...) {
            Lock lock(busy_);
            if (!first_) first_ = std::current_exception();
        }
    }

    void rethrow() {
        std::exception_ptr first;
        {
            Lock lock(busy_);
            std::swap(first, first_);
        }
        if (first) std::rethrow_exception(first);
    }

private:
    std::atomic_flag busy_;
    std::exception_ptr first_;
#endif
};

/* A callback, or several that belong together, with its exception. The library has its address. */
template <class F> class Hook : public Thrown, public std::enable_shared_from_this<Hook<F>> {
public:
    explicit Hook(F function) : function_(std::move(function)) {}

    static std::shared_ptr<Hook> make(F function) {
        return function ? std::make_shared<Hook>(std::move(function)) : nullptr;
    }

    /* Runs `call` with the function of the hook at `user`, which stays alive even if the function frees its owner. */
    template <class C> static void run(void *user, C call) {
        const std::shared_ptr<Hook> hook = static_cast<Hook *>(user)->shared_from_this();
        hook->guard([&] { call(hook->function_); });
    }

private:
    F function_;
};

/* Each noun has its own: frees the handle. */
template <class H> void release(H *handle) noexcept;

/* Says that a handle stays the library's own. */
struct Borrowed {};

/* Owns a handle, and the callback that was registered with it. */
template <class H> class Handle {
public:
    /** Takes over a handle that a function of itero.h gave. */
    explicit Handle(H *handle = nullptr, std::shared_ptr<Thrown> hook = nullptr) noexcept
        : hook_(std::move(hook)), handle_(handle), is_owned_(true) {}
    /** For a handle that a callback was lent. */
    Handle(Borrowed, const H *handle) noexcept : handle_(const_cast<H *>(handle)), is_owned_(false) {}
    Handle(Handle &&other) noexcept
        : hook_(std::move(other.hook_)), handle_(other.handle_), is_owned_(other.is_owned_) {
        other.handle_ = nullptr;
    }
    Handle &operator=(Handle &&other) noexcept {
        Handle taken(std::move(other));
        std::swap(hook_, taken.hook_);
        std::swap(handle_, taken.handle_);
        std::swap(is_owned_, taken.is_owned_);
        return *this;
    }
    /* The callback's object goes behind the handle, when no call can come any more. */
    ~Handle() {
        if (is_owned_ && handle_ != nullptr) release(handle_);
    }

    /** The handle, for functions of itero.h; it stays this object's own. */
    H *handle() const noexcept { return handle_; }
    /** As handle(); where that is NULL, one that the library refuses. For parameters whose NULL has a meaning. */
    H *given() const noexcept { return handle_ != nullptr ? handle_ : reinterpret_cast<H *>(1); }
    /** Whether there is a handle: not in a moved-from or default-made object, and not where a wait found nothing. */
    explicit operator bool() const noexcept { return handle_ != nullptr; }
    /** Throws what a callback has thrown, if it has, and forgets it. */
    void rethrow() const {
        if (hook_) hook_->rethrow();
    }

protected:
    /* The outcome of a call, unless a callback has thrown meanwhile. */
    Outcome<void> finish(int32_t status) const {
        rethrow();
        return done(status);
    }
    /* The callbacks that were registered, and others in their place. */
    const std::shared_ptr<Thrown> &hook() const noexcept { return hook_; }
    void set_hook(std::shared_ptr<Thrown> hook) noexcept { hook_ = std::move(hook); }

private:
    std::shared_ptr<Thrown> hook_;
    H *handle_;
    bool is_owned_;
};

/* A row: where its table is, and its index. */
template <class P> class Row {
public:
    typedef P Place;
    Row(P place, int32_t index) noexcept : place_(place), index_(index) {}

protected:
    P place_;
    int32_t index_;
};

template <class R> class Iterator {
public:
    /* Rows are made when they are asked for: random access, but for the rules before C++20 only input. */
    typedef std::random_access_iterator_tag iterator_concept;
    typedef std::input_iterator_tag iterator_category;
    typedef R value_type;
    typedef R reference;
    typedef std::ptrdiff_t difference_type;
    struct pointer {
        R row;
        const R *operator->() const noexcept { return &row; }
    };

    Iterator() noexcept : place_(), index_(0) {}
    Iterator(typename R::Place place, difference_type index) noexcept : place_(place), index_(index) {}

    R operator*() const noexcept { return R(place_, static_cast<int32_t>(index_)); }
    pointer operator->() const noexcept { return pointer{**this}; }
    R operator[](difference_type by) const noexcept { return *(*this + by); }

    Iterator &operator+=(difference_type by) noexcept {
        index_ += by;
        return *this;
    }
    Iterator &operator-=(difference_type by) noexcept { return *this += -by; }
    Iterator &operator++() noexcept { return *this += 1; }
    Iterator &operator--() noexcept { return *this -= 1; }
    Iterator operator++(int) noexcept {
        Iterator before(*this);
        ++*this;
        return before;
    }
    Iterator operator--(int) noexcept {
        Iterator before(*this);
        --*this;
        return before;
    }
    friend Iterator operator+(Iterator it, difference_type by) noexcept { return it += by; }
    friend Iterator operator+(difference_type by, Iterator it) noexcept { return it += by; }
    friend Iterator operator-(Iterator it, difference_type by) noexcept { return it -= by; }
    friend difference_type operator-(const Iterator &a, const Iterator &b) noexcept { return a.index_ - b.index_; }
    friend bool operator==(const Iterator &a, const Iterator &b) noexcept { return a.index_ == b.index_; }
    friend bool operator!=(const Iterator &a, const Iterator &b) noexcept { return a.index_ != b.index_; }
    friend bool operator<(const Iterator &a, const Iterator &b) noexcept { return a.index_ < b.index_; }
    friend bool operator>(const Iterator &a, const Iterator &b) noexcept { return a.index_ > b.index_; }
    friend bool operator<=(const Iterator &a, const Iterator &b) noexcept { return a.index_ <= b.index_; }
    friend bool operator>=(const Iterator &a, const Iterator &b) noexcept { return a.index_ >= b.index_; }

private:
    typename R::Place place_;
    difference_type index_;
};

/* The rows at one place; R::count tells how many. */
template <class R> class Rows {
public:
    typedef R value_type;
    typedef Iterator<R> iterator;
    typedef Iterator<R> const_iterator;

    explicit Rows(typename R::Place place) noexcept : place_(place), count_(R::count(place)) {}

    std::size_t size() const noexcept { return static_cast<std::size_t>(count_); }
    bool empty() const noexcept { return count_ == 0; }
    /** A row; the getters of one that isn't there give their default. */
    R operator[](std::size_t index) const noexcept {
        return R(place_, index < size() ? static_cast<int32_t>(index) : -1);
    }
    iterator begin() const noexcept { return iterator(place_, 0); }
    iterator end() const noexcept { return iterator(place_, count_); }

private:
    typename R::Place place_;
    int32_t count_;
};

/* A handle that is a table. */
template <class H, class R> class Table : public Handle<H> {
public:
    typedef R value_type;
    typedef Iterator<R> iterator;
    typedef Iterator<R> const_iterator;

    using Handle<H>::Handle;
    Table() noexcept {}

    std::size_t size() const noexcept { return rows().size(); }
    bool empty() const noexcept { return rows().empty(); }
    /** A row; the getters of one that isn't there give their default. */
    R operator[](std::size_t index) const noexcept { return rows()[index]; }
    iterator begin() const noexcept { return rows().begin(); }
    iterator end() const noexcept { return rows().end(); }

private:
    Rows<R> rows() const noexcept { return Rows<R>(this->handle()); }
};

} // namespace detail

/** Rows within a result, such as the doctors of a practice: a range, good as long as the result. */
template <class R> using Rows = detail::Rows<R>;

namespace detail {
template <> inline void release(itero_error *handle) noexcept { itero_error_free(handle); }
} // namespace detail

/** An error as a handle, for functions of a program that want the C form of it. Error is the C++ form. */
class CapturedError : public detail::Handle<itero_error> {
public:
    using Handle::Handle;

    /** Captures what the last call on this thread left. */
    static Outcome<CapturedError> capture() {
        itero_error *error = nullptr;
        const int32_t status = itero_error_capture(&error);
        return detail::done(status, CapturedError(error));
    }

    /** The same as a value. */
    Error error() const {
        Error::Details details;
        details.status = itero_error_status(handle());
        details.http_status = itero_error_http_status(handle());
        details.retryable = itero_error_retryable(handle()) != 0;
        details.operation = itero_error_operation(handle());
        details.message = itero_error_message(handle());
        details.advice = itero_error_advice(handle());
        details.service_code = itero_error_service_code(handle());
        details.request_id = itero_error_request_id(handle());
        details.retry_after_ms = itero_error_retry_after_ms(handle());
        details.operation_id = itero_error_operation_id(handle());
        return Error(std::move(details));
    }
};

/* --------------------------------------------------------------------------------------------------------------------
 * Library
 * -------------------------------------------------------------------------------------------------------------------- */

/** How much is logged. */
enum class LogLevel : int32_t {
    error = ITERO_LOG_ERROR,
    warning = ITERO_LOG_WARNING,
    info = ITERO_LOG_INFO,
    debug = ITERO_LOG_DEBUG
};

/** The library's version, such as "0.1.0". */
inline std::string version() { return itero_version(); }

/** The name of a status code; "" for a number that is none. */
inline std::string status_name(int32_t status) { return itero_status_name(status); }

/** Ends all that runs, in all clients, and waits for the library's threads. Call it before the program ends. */
inline Outcome<void> shutdown(int32_t limit_ms = 2000) { return detail::done(itero_shutdown(limit_ms)); }

namespace detail {

typedef std::function<void(LogLevel, const std::string &)> LogCallback;
typedef Hook<LogCallback> LogHook;

/* The one log callback of this program. */
class LogSlot {
public:
    /* Never destroyed: lines may come while the program ends. */
    static LogSlot &only() {
        static LogSlot *slot = new LogSlot;
        return *slot;
    }

    std::shared_ptr<LogHook> get() {
        Lock lock(busy_);
        return hook_;
    }

    std::shared_ptr<LogHook> replace(std::shared_ptr<LogHook> hook) {
        Lock lock(busy_);
        std::swap(hook_, hook);
        return hook;
    }

    static void ITERO_CALL line(void *, int32_t level, const char *message) {
        const std::shared_ptr<LogHook> hook = only().get();
        if (!hook) return;
        LogHook::run(hook.get(), [&](const LogCallback &log) { log(static_cast<LogLevel>(level), message); });
    }

private:
    LogSlot() { busy_.clear(); }

    std::atomic_flag busy_;
    std::shared_ptr<LogHook> hook_;
};

} // namespace detail

/** Sends the log lines up to a level to a callback; nullptr ends the log. No line holds a secret or patient data. */
inline Outcome<void> log_set(LogLevel level, std::function<void(LogLevel, const std::string &)> callback) {
    detail::LogSlot &slot = detail::LogSlot::only();
    const std::shared_ptr<detail::LogHook> hook = detail::LogHook::make(std::move(callback));
    const std::shared_ptr<detail::LogHook> before = slot.replace(hook);
    const int32_t status = itero_log_set(static_cast<int32_t>(level), hook ? detail::LogSlot::line : nullptr, nullptr);
    if (status != ITERO_OK) slot.replace(before);
    return detail::done(status);
}

/** Throws what the log's callback has thrown, if it has, and forgets it. */
inline void log_rethrow() {
    const std::shared_ptr<detail::LogHook> hook = detail::LogSlot::only().get();
    if (hook) hook->rethrow();
}

/* --------------------------------------------------------------------------------------------------------------------
 * Configuration
 * -------------------------------------------------------------------------------------------------------------------- */

/** A version of the service's interface. */
enum class ApiVersion : int32_t { v1 = ITERO_API_V1, v2 = ITERO_API_V2 };

/** Whether a program's own store gets the tokens sealed for the user on this computer, or must protect them itself. */
enum class Tokens : int32_t { open = ITERO_TOKENS_OPEN, sealed = ITERO_TOKENS_SEALED };

struct TokenStore;

namespace detail {
template <> inline void release(itero_config *handle) noexcept { itero_config_free(handle); }
inline itero_config *new_config() {
    itero_config *config = nullptr;
    static_cast<void>(done(itero_config_new(&config)));
    return config;
}
} // namespace detail

/** Settings for a client, filled step by step. */
class Config : public detail::Handle<itero_config> {
public:
    using Handle::Handle;

    /** An empty config. */
    Config() : Handle(detail::new_config()) {}

    /** V2 is the default. */
    Outcome<void> set_api_version(ApiVersion version) {
        return detail::done(itero_config_set_api_version(handle(), static_cast<int32_t>(version)));
    }
    /** The client id that Align issued. Needed. */
    Outcome<void> set_client_id(const Text &client_id) {
        return detail::done(itero_config_set_client_id(handle(), client_id.c_str()));
    }
    /** The client secret that Align issued. */
    Outcome<void> set_client_secret(const Text &client_secret) {
        return detail::done(itero_config_set_client_secret(handle(), client_secret.c_str()));
    }
    /** The address of Align's login page. Needed. */
    Outcome<void> set_login_page(const Text &url) {
        return detail::done(itero_config_set_login_page(handle(), url.c_str()));
    }
    /** The address below which the sign-in server's endpoints are. Needed. */
    Outcome<void> set_oauth_base(const Text &url) {
        return detail::done(itero_config_set_oauth_base(handle(), url.c_str()));
    }
    /** The base URL of the service. Needed. */
    Outcome<void> set_base_url(const Text &url) {
        return detail::done(itero_config_set_base_url(handle(), url.c_str()));
    }
    /** The redirect URL that Align registered for this program. */
    Outcome<void> set_redirect_url(const Text &url) {
        return detail::done(itero_config_set_redirect_url(handle(), url.c_str()));
    }
    /** The domain whose hosts may receive the access token; that of the base URL by default. */
    Outcome<void> set_allowed_domain(const Text &domain) {
        return detail::done(itero_config_set_allowed_domain(handle(), domain.c_str()));
    }
    /** Overrides the URL of one endpoint. */
    Outcome<void> set_endpoint(const Text &name, const Text &url_template) {
        return detail::done(itero_config_set_endpoint(handle(), name.c_str(), url_template.c_str()));
    }
    /** The name and version of this program, for the service's help desk. */
    Outcome<void> set_product(const Text &name, const Text &version = "") {
        return detail::done(itero_config_set_product(handle(), name.c_str(), version.c_str()));
    }
    /** A PEM file with further trusted root certificates. An absolute path. */
    Outcome<void> set_ca_file(const Text &ca_file) {
        return detail::done(itero_config_set_ca_file(handle(), ca_file.c_str()));
    }
    /** The folder for the library's small files, such as the ledger. An absolute path. */
    Outcome<void> set_state_folder(const Text &folder) {
        return detail::done(itero_config_set_state_folder(handle(), folder.c_str()));
    }
    /** A proxy's URL, "none", or "" for the system's settings. */
    Outcome<void> set_proxy(const Text &proxy) { return detail::done(itero_config_set_proxy(handle(), proxy.c_str())); }
    /** The program that Client::login_run starts with the login page's URL. An absolute path. */
    Outcome<void> set_browser(const Text &program) {
        return detail::done(itero_config_set_browser(handle(), program.c_str()));
    }
    /** The port on which Client::login_run listens; 0 lets the system choose. */
    Outcome<void> set_loopback_port(int32_t port) {
        return detail::done(itero_config_set_loopback_port(handle(), port));
    }
    /** The time limits, each in milliseconds. */
    Outcome<void> set_timeouts(int32_t connect_ms, int32_t request_ms, int32_t stall_ms) {
        return detail::done(itero_config_set_timeouts(handle(), connect_ms, request_ms, stall_ms));
    }
    /** How long after the sending the service may take to show an Rx whose answer was lost, in milliseconds. */
    Outcome<void> set_settling_time(int32_t settling_ms) {
        return detail::done(itero_config_set_settling_time(handle(), settling_ms));
    }
    /** How many files of a download come at once, 1 to 16. */
    Outcome<void> set_parallel_files(int32_t count) {
        return detail::done(itero_config_set_parallel_files(handle(), count));
    }

    /** Keeps the tokens in this file instead of the user's own folder. An absolute path; "" for the default. */
    Outcome<void> set_token_file(const Text &token_file) {
        return detail::done(itero_config_set_token_file(handle(), token_file.c_str()));
    }
    /** Keeps the tokens in the program's own store. The config and the clients made from it keep the functions. */
    Outcome<void> set_token_callbacks(Tokens sealed, TokenStore store);
    /** Keeps the tokens in memory alone, for tests, kiosks and the sandbox. */
    Outcome<void> set_token_memory() { return detail::done(itero_config_set_token_memory(handle())); }

private:
    friend class Client;
};

/* --------------------------------------------------------------------------------------------------------------------
 * Text encoding
 * -------------------------------------------------------------------------------------------------------------------- */

namespace detail {

/* Converts twice: first for the length alone. */
template <class T, class C> int32_t convert(std::vector<T> &converted, C call) {
    int32_t length = 0;
    int32_t status = call(nullptr, 0, &length);
    if (status != ITERO_OK) return status;
    converted.resize(static_cast<std::size_t>(length) + 1);
    status = call(converted.data(), length + 1, &length);
    converted.pop_back();
    return status;
}

} // namespace detail

/** UTF-8 as UTF-16. At most 65536 bytes, as for all four; on Windows to_wide and to_utf8 have no limit. */
inline Outcome<std::u16string> text_to_utf16(const Text &text) {
    std::vector<uint16_t> units;
    const int32_t status =
        detail::convert(units, [&](uint16_t *buffer, int32_t buffer_size, int32_t *length_out) {
            return itero_text_to_utf16(text.c_str(), buffer, buffer_size, length_out);
        });
    return detail::done(status, std::u16string(units.begin(), units.end()));
}

/** UTF-16 as UTF-8. Half a pair and a NUL inside fail with ITERO_E_TEXT. */
inline Outcome<std::string> text_from_utf16(const std::u16string &utf16) {
    /* What is longer is refused; an int32_t need not hold its length. */
    const std::size_t length = utf16.size() <= 65536 ? utf16.size() : 65537;
    std::vector<uint16_t> units(utf16.begin(), utf16.begin() + static_cast<std::ptrdiff_t>(length));
    units.push_back(0);
    std::vector<char> bytes;
    const int32_t status = detail::convert(bytes, [&](char *buffer, int32_t buffer_size, int32_t *length_out) {
        return itero_text_from_utf16(units.data(), static_cast<int32_t>(length), buffer, buffer_size, length_out);
    });
    return detail::done(status, std::string(bytes.begin(), bytes.end()));
}

/** UTF-8 in a code page, such as 1252. A character that the code page lacks fails with ITERO_E_TEXT. */
inline Outcome<std::string> text_to_code_page(const Text &text, int32_t code_page) {
    std::vector<char> bytes;
    const int32_t status = detail::convert(bytes, [&](char *buffer, int32_t buffer_size, int32_t *length_out) {
        return itero_text_to_code_page(text.c_str(), code_page, buffer, buffer_size, length_out);
    });
    return detail::done(status, std::string(bytes.begin(), bytes.end()));
}

/** Text of a code page, such as 1252, as UTF-8. A NUL inside fails with ITERO_E_TEXT. */
inline Outcome<std::string> text_from_code_page(const std::string &text, int32_t code_page) {
    /* Every byte may be a character of the code page, so Text's way to have a NUL refused works in UTF-8 alone. */
    const bool is_whole = text.find('\0') == std::string::npos;
    std::vector<char> bytes;
    const int32_t status = detail::convert(bytes, [&](char *buffer, int32_t buffer_size, int32_t *length_out) {
        return itero_text_from_code_page(is_whole ? text.c_str() : Text(text).c_str(), is_whole ? code_page : 0, buffer,
                                         buffer_size, length_out);
    });
    return detail::done(status, std::string(bytes.begin(), bytes.end()));
}

/* --------------------------------------------------------------------------------------------------------------------
 * Token store
 * -------------------------------------------------------------------------------------------------------------------- */

/** How a TokenStore's lock ended. */
enum class TokenLock : int32_t {
    /** It was taken. */
    taken = 0,
    /** Another program or computer has it; it is asked for again. */
    busy = 1,
    /** It can't be taken at all. */
    refused = -1
};

/**
 * A program's own store for the tokens, such as a row of its database. All four functions are needed; which threads they
 * come on, and what they may do, is told at itero_config_set_token_callbacks.
 *
 * After an exception, as after false or TokenLock::refused, what needed the tokens fails with ITERO_E_STORE; new tokens
 * that weren't saved are used, and saved with the next call. So that no result of a call is lost to it, the client throws
 * the exception itself in Client::rethrow() alone.
 */
struct TokenStore {
    /** Gives the text that was saved last; leaves it empty when none was saved yet. Returns whether that went well. */
    std::function<bool(std::string &text)> load;
    /** Saves a text, to be on the disk at the function's end. Returns whether it is. */
    std::function<bool(const std::string &text)> save;
    /** Takes the lock that lets one program or computer at a time replace the tokens; waits at most wait_ms for it. */
    std::function<TokenLock(int32_t wait_ms)> lock;
    /** Gives the lock back, maybe on another thread. */
    std::function<void()> unlock;
};

namespace detail {

typedef Hook<TokenStore> TokenHook;

inline int32_t ITERO_CALL token_load(void *user) {
    int32_t result = -1;
    TokenHook::run(user, [&](const TokenStore &store) {
        std::string text;
        if (store.load(text)) result = itero_token_store_give(Text(text).c_str());
    });
    return result;
}

inline int32_t ITERO_CALL token_save(void *user, const char *text) {
    bool is_saved = false;
    TokenHook::run(user, [&](const TokenStore &store) { is_saved = store.save(text); });
    return is_saved ? 0 : -1;
}

inline int32_t ITERO_CALL token_lock(void *user, int32_t wait_ms) {
    TokenLock lock = TokenLock::refused;
    TokenHook::run(user, [&](const TokenStore &store) { lock = store.lock(wait_ms); });
    return static_cast<int32_t>(lock);
}

inline void ITERO_CALL token_unlock(void *user) {
    TokenHook::run(user, [](const TokenStore &store) { store.unlock(); });
}

} // namespace detail

inline Outcome<void> Config::set_token_callbacks(Tokens sealed, TokenStore store) {
    const std::shared_ptr<detail::TokenHook> hook = std::make_shared<detail::TokenHook>(store);
    const int32_t status = itero_config_set_token_callbacks(
        handle(), static_cast<int32_t>(sealed), store.load ? detail::token_load : nullptr,
        store.save ? detail::token_save : nullptr, store.lock ? detail::token_lock : nullptr,
        store.unlock ? detail::token_unlock : nullptr, hook.get());
    if (status == ITERO_OK) set_hook(hook);
    return detail::done(status);
}

/* --------------------------------------------------------------------------------------------------------------------
 * Client
 * -------------------------------------------------------------------------------------------------------------------- */

class Accounts;
class Diagnosis;
class Download;
class Event;
class Ledger;
class Listener;
class Login;
class Matches;
class Order;
class OrderCursor;
class OrderQuery;
class Orders;
class Patients;
class Practice;
class Resolution;
class Rx;
class ScanRequest;
class Warnings;
class Watch;
struct Progress;

/** How far the sign-in has come. */
enum class State : int32_t {
    signed_out = ITERO_STATE_SIGNED_OUT,
    signed_in = ITERO_STATE_SIGNED_IN,
    paired = ITERO_STATE_PAIRED
};

/** What Client::rx_push does with a patient who differs at the service. */
enum class PushPolicy : int32_t {
    never_update = ITERO_PUSH_NEVER_UPDATE,
    update_name = ITERO_PUSH_UPDATE_NAME,
    ask = ITERO_PUSH_ASK
};

/** Receives the progress of a download. */
typedef std::function<void(const Progress &)> ProgressCallback;

/**
 * Says who of the matches is the patient: the row's index, ITERO_PUSH_NONE_OF_THEM or ITERO_PUSH_STOP. The matches are
 * good during the call only. When it throws, nothing is sent, and Client::rx_push throws the same.
 */
typedef std::function<int32_t(const Matches &)> PushCallback;

/** Receives a notification's RxID and account id. */
typedef std::function<void(const std::string &, const std::string &)> NotificationCallback;

/** Receives an event, which is good during the call only. */
typedef std::function<void(const Event &)> WatchCallback;

namespace detail {
template <> inline void release(itero_client *handle) noexcept { itero_client_free(handle); }
} // namespace detail

/** A sign-in with its connections. All threads may use one client at once. */
class Client : public detail::Handle<itero_client> {
public:
    using Handle::Handle;
    Client() noexcept {}

    /** A client with a copy of the config, after checking all of it. Nobody is signed in yet. */
    static Outcome<Client> make(const Config &config) {
        itero_client *client = nullptr;
        const int32_t status = itero_client_new(config.handle(), &client);
        return detail::done(status, Client(client, config.hook()));
    }
#if !defined(ITERO_NO_EXCEPTIONS)
    explicit Client(const Config &config) : Client(make(config)) {}
#endif

    /** How far the sign-in has come, as far as this client knows. */
    State state() const { return static_cast<State>(itero_client_state(handle())); }
    /** The id of the account that the session is paired to; "" when it isn't. */
    std::string account_id() const { return itero_client_account_id(handle()); }
    /** The region that discovery gave, such as "us". */
    std::string region() const { return itero_client_region(handle()); }
    /** A5: asks for the region's addresses now. */
    Outcome<void> discover() { return detail::done(itero_client_discover(handle())); }
    /** A3: new tokens now. Other calls do it by themselves. */
    Outcome<void> refresh() { return detail::done(itero_client_refresh(handle())); }
    /** A4: signs out. The tokens on this computer are gone in every case. */
    Outcome<void> revoke() { return detail::done(itero_client_revoke(handle())); }
    /** A7: binds the session to one account. */
    Outcome<void> pair(const Text &account_id, const Text &notification_url = nullptr) {
        return detail::done(itero_client_pair(handle(), account_id.c_str(), notification_url.c_str()));
    }
    /** A8: ends the pairing. */
    Outcome<void> unpair() { return detail::done(itero_client_unpair(handle())); }
    /** Ends everything that runs on this client, from any thread. Later calls work as before. */
    Outcome<void> cancel() { return detail::done(itero_client_cancel(handle())); }

    /** A1: prepares a sign-in whose browser the program shows itself. */
    Outcome<Login> login_begin();
    /** A1 and A2 as a job: opens the browser and signs in. The user may take limit_ms; negative for no limit. */
    Outcome<Login> login_run(int32_t limit_ms = -1);
    /** A2, for programs that bring their own login page, state and PKCE. */
    Outcome<void> auth_exchange_code(const Text &code, const Text &redirect_url, const Text &code_verifier = nullptr);

    /** A6: the accounts that the user may pair to. */
    Outcome<Accounts> accounts();
    /** P5: patients who share a chart number or have none. */
    Outcome<Warnings> warnings();
    /** D1: the practice's data with its doctors, labs, procedures and scanners. */
    Outcome<Practice> practice();

    /** P1: the patients who have exactly these members; nullptr or "" matches every patient. */
    Outcome<Patients> patients_search(const Text &first_name, const Text &last_name,
                                      const Text &chart_number = nullptr);
    /** P2: corrects one patient; nullptr leaves a member as it is. */
    Outcome<Patients> patients_update(const Text &patient_id, const Text &first_name, const Text &last_name = nullptr,
                                      const Text &chart_number = nullptr);
    /** P4: corrects the name of the one patient with this chart number; nullptr leaves a member as it is. */
    Outcome<Patients> patients_update_by_chart_number(const Text &chart_number, const Text &first_name,
                                                      const Text &last_name = nullptr);
    /** P1: searches in all permutations of the name and by the chart number, and ranks who was found. */
    Outcome<Matches> patients_match(const Text &first_name, const Text &last_name, const Text &chart_number = nullptr);

    /** D2: checks the request and sends it once. */
    Outcome<Rx> scan_request_send(const ScanRequest &request);
    /** D7: withdraws an Rx that was not scanned yet. */
    Outcome<void> rx_delete(const Text &rx_id);
    /** P1, P2 and D2 in one: finds the patient, corrects the patient by the policy, and sends the request once. */
    Outcome<Rx> rx_push(const ScanRequest &request, PushPolicy policy, PushCallback callback = nullptr);
    /** D5: whether an Rx was sent by this program, or by another one with the same state folder. */
    Outcome<bool> rx_is_known(const Text &rx_id);
    /** D2: what was sent, oldest first: the Rx of one patient, or all. */
    Outcome<Ledger> ledger_find(const Text &chart_number = nullptr);
    /** D2: finds out what became of a scan request whose answer was lost; nullptr leaves the orders out. */
    Outcome<Resolution> rx_resolve(const Text &operation_id, const Text &chart_number = nullptr);
    /** D2: what a person found about it: the RxID, or nullptr when it did not arrive, which permits a resend. */
    Outcome<void> rx_settle(const Text &operation_id, const Text &rx_id);

    /** D3: all ready orders, oldest update first. */
    Outcome<Orders> orders();
    /** D3: the ready orders that a query asks for. */
    Outcome<Orders> orders(const OrderQuery &query);
    /** D6: the order of one Rx, the call to make after a notification. */
    Outcome<Orders> orders_by_rx(const Text &rx_id);
    /** D3, page by page: all ready orders. */
    Outcome<OrderCursor> orders_open();
    /** D3, page by page: the ready orders that a query asks for. */
    Outcome<OrderCursor> orders_open(const OrderQuery &query);

    /** D4: begins to bring an order's files into a folder. kinds: ITERO_FILE_ bits; flags: ITERO_DOWNLOAD_ bits. */
    Outcome<Download> download_start(const Text &order_id, const Text &folder, uint32_t kinds = ITERO_FILE_ALL,
                                     uint32_t flags = 0, ProgressCallback progress = nullptr);
    /** D4, for an order of a table: the folder may name more of the order, such as {chartNumber}. */
    Outcome<Download> download_start_from_order(const Order &order, const Text &folder, uint32_t kinds = ITERO_FILE_ALL,
                                                uint32_t flags = 0, ProgressCallback progress = nullptr);
    /** D4, one file. */
    Outcome<Download> download_start_file(const Text &order_id, const Text &file_id, const Text &folder,
                                          uint32_t flags = 0, ProgressCallback progress = nullptr);

    /** Begins to listen for notifications; without a callback, Listener::wait brings them. */
    Outcome<Listener> listener_start(int32_t port = 0, NotificationCallback callback = nullptr);
    /**
     * D5 and D3: begins to watch the orders of the paired account; without a callback, Watch::wait brings the events.
     * listener: whose notifications the watch takes; nullptr for none.
     */
    Outcome<Watch> watch_start(const Text &state_file, const Text &since = nullptr, const Listener *listener = nullptr,
                               int32_t interval_ms = 0, WatchCallback callback = nullptr);

    /** Makes the checks that a help desk would make. */
    Outcome<Diagnosis> diagnose(const Text &notification_url = nullptr);

private:
    Outcome<Orders> list(const itero_order_query *query);
    Outcome<OrderCursor> open(const itero_order_query *query);
};

/* --------------------------------------------------------------------------------------------------------------------
 * Sign-in
 * -------------------------------------------------------------------------------------------------------------------- */

namespace detail {
template <> inline void release(itero_login *handle) noexcept { itero_login_free(handle); }
} // namespace detail

/** One attempt to sign in. */
class Login : public detail::Handle<itero_login> {
public:
    using Handle::Handle;

    /** The login page's URL to show to the user. */
    std::string url() const { return itero_login_url(handle()); }
    /** A2: takes the URL that the browser was redirected to, and signs the client in. */
    Outcome<void> complete(const Text &redirect_url) {
        return detail::done(itero_login_complete(handle(), redirect_url.c_str()));
    }
    /** Waits; true when the client is signed in, false when it isn't yet. Negative waits as long as it takes. */
    Outcome<bool> wait(int32_t wait_ms = -1) { return detail::arrived(itero_login_wait(handle(), wait_ms)); }
    /** Cancels; wait() then fails with ITERO_E_CANCELLED. */
    Outcome<void> cancel() { return detail::done(itero_login_cancel(handle())); }
};

inline Outcome<Login> Client::login_begin() {
    itero_login *login = nullptr;
    const int32_t status = itero_login_begin(handle(), &login);
    return detail::done(status, Login(login));
}

inline Outcome<Login> Client::login_run(int32_t limit_ms) {
    itero_login *login = nullptr;
    const int32_t status = itero_login_run(handle(), limit_ms, &login);
    return detail::done(status, Login(login));
}

inline Outcome<void> Client::auth_exchange_code(const Text &code, const Text &redirect_url, const Text &code_verifier) {
    return detail::done(
        itero_auth_exchange_code(handle(), code.c_str(), redirect_url.c_str(), code_verifier.c_str()));
}

/* --------------------------------------------------------------------------------------------------------------------
 * Accounts
 * -------------------------------------------------------------------------------------------------------------------- */

namespace detail {
template <> inline void release(itero_accounts *handle) noexcept { itero_accounts_free(handle); }
} // namespace detail

/** An account (clinic) that the user may pair to. */
class Account : public detail::Row<const itero_accounts *> {
public:
    using Row::Row;
    static int32_t count(const itero_accounts *accounts) { return itero_accounts_count(accounts); }

    /** For Client::pair. */
    std::string id() const { return itero_accounts_id(place_, index_); }
    std::string name() const { return itero_accounts_name(place_, index_); }
    /** In the service's words. */
    std::string type() const { return itero_accounts_type(place_, index_); }
    /** In one line. */
    std::string address() const { return itero_accounts_address(place_, index_); }
    /** Whether it is paired to this program already. */
    bool is_paired() const { return itero_accounts_is_paired(place_, index_) != 0; }
};

/** A table of accounts: a range of Account. */
class Accounts : public detail::Table<itero_accounts, Account> {
public:
    using Table::Table;

    /** The service's whole answer, for members that this library doesn't know. */
    std::string json() const { return itero_accounts_json(handle()); }
};

inline Outcome<Accounts> Client::accounts() {
    itero_accounts *accounts = nullptr;
    const int32_t status = itero_accounts_get(handle(), &accounts);
    return detail::done(status, Accounts(accounts));
}

/* --------------------------------------------------------------------------------------------------------------------
 * Patients
 * -------------------------------------------------------------------------------------------------------------------- */

namespace detail {
template <> inline void release(itero_patients *handle) noexcept { itero_patients_free(handle); }
} // namespace detail

/** A patient as the service has it. */
class Patient : public detail::Row<const itero_patients *> {
public:
    using Row::Row;
    static int32_t count(const itero_patients *patients) { return itero_patients_count(patients); }

    /** The service's GUID, for Client::patients_update. */
    std::string id() const { return itero_patients_id(place_, index_); }
    std::string first_name() const { return itero_patients_first_name(place_, index_); }
    std::string last_name() const { return itero_patients_last_name(place_, index_); }
    /** "" when it is missing. */
    std::string chart_number() const { return itero_patients_chart_number(place_, index_); }
    /** As the service writes it; "" when it is missing. */
    std::string birth_date() const { return itero_patients_birth_date(place_, index_); }
};

/** A table of patients: a range of Patient. */
class Patients : public detail::Table<itero_patients, Patient> {
public:
    using Table::Table;

    /** The service's whole answer, for members that this library doesn't know; "" for tables that Warnings gave. */
    std::string json() const { return itero_patients_json(handle()); }
};

inline Outcome<Patients> Client::patients_search(const Text &first_name, const Text &last_name,
                                                 const Text &chart_number) {
    itero_patients *patients = nullptr;
    const int32_t status =
        itero_patients_search(handle(), first_name.c_str(), last_name.c_str(), chart_number.c_str(), &patients);
    return detail::done(status, Patients(patients));
}

inline Outcome<Patients> Client::patients_update(const Text &patient_id, const Text &first_name, const Text &last_name,
                                                 const Text &chart_number) {
    itero_patients *patients = nullptr;
    const int32_t status = itero_patients_update(handle(), patient_id.c_str(), first_name.c_str(), last_name.c_str(),
                                                 chart_number.c_str(), &patients);
    return detail::done(status, Patients(patients));
}

inline Outcome<Patients> Client::patients_update_by_chart_number(const Text &chart_number, const Text &first_name,
                                                                 const Text &last_name) {
    itero_patients *patients = nullptr;
    const int32_t status = itero_patients_update_by_chart_number(handle(), chart_number.c_str(), first_name.c_str(),
                                                                 last_name.c_str(), &patients);
    return detail::done(status, Patients(patients));
}

/* --------------------------------------------------------------------------------------------------------------------
 * Pairing warnings
 * -------------------------------------------------------------------------------------------------------------------- */

namespace detail {
template <> inline void release(itero_warnings *handle) noexcept { itero_warnings_free(handle); }
} // namespace detail

/** A chart number that several patients share. */
class Duplicate : public detail::Row<const itero_warnings *> {
public:
    using Row::Row;
    static int32_t count(const itero_warnings *warnings) { return itero_warnings_duplicate_count(warnings); }

    std::string chart_number() const { return itero_warnings_duplicate_chart_number(place_, index_); }
    /** Who shares it. The table lives on when the warnings are gone. */
    Outcome<Patients> patients() const {
        itero_patients *patients = nullptr;
        const int32_t status = itero_warnings_duplicate_patients(place_, index_, &patients);
        return detail::done(status, Patients(patients));
    }
};

/** The pairing warnings of an account. */
class Warnings : public detail::Handle<itero_warnings> {
public:
    using Handle::Handle;

    /** The chart numbers that several patients share. */
    Rows<Duplicate> duplicates() const { return Rows<Duplicate>(handle()); }
    /** The patients without a chart number. The table lives on when the warnings are gone. */
    Outcome<Patients> missing_chart_number() const {
        itero_patients *patients = nullptr;
        const int32_t status = itero_warnings_missing_chart_number(handle(), &patients);
        return detail::done(status, Patients(patients));
    }
    /** The service's whole answer, for members that this library doesn't know. */
    std::string json() const { return itero_warnings_json(handle()); }
};

inline Outcome<Warnings> Client::warnings() {
    itero_warnings *warnings = nullptr;
    const int32_t status = itero_warnings_get(handle(), &warnings);
    return detail::done(status, Warnings(warnings));
}

/* --------------------------------------------------------------------------------------------------------------------
 * Practice
 * -------------------------------------------------------------------------------------------------------------------- */

namespace detail {
template <> inline void release(itero_practice *handle) noexcept { itero_practice_free(handle); }
} // namespace detail

/** A doctor of the practice. */
class Doctor : public detail::Row<const itero_practice *> {
public:
    using Row::Row;
    static int32_t count(const itero_practice *practice) { return itero_practice_doctor_count(practice); }

    /** For ScanRequest::set_doctor_id. */
    std::string id() const { return itero_practice_doctor_id(place_, index_); }
    std::string first_name() const { return itero_practice_doctor_first_name(place_, index_); }
    std::string last_name() const { return itero_practice_doctor_last_name(place_, index_); }
    std::string license_number() const { return itero_practice_doctor_license_number(place_, index_); }
    std::string email() const { return itero_practice_doctor_email(place_, index_); }
};

/** A lab of the practice. */
class Lab : public detail::Row<const itero_practice *> {
public:
    using Row::Row;
    static int32_t count(const itero_practice *practice) { return itero_practice_lab_count(practice); }

    /** For ScanRequest::set_lab_id. */
    std::string id() const { return itero_practice_lab_id(place_, index_); }
    std::string name() const { return itero_practice_lab_name(place_, index_); }
};

/** A procedure of the practice. */
class Procedure : public detail::Row<const itero_practice *> {
public:
    using Row::Row;
    static int32_t count(const itero_practice *practice) { return itero_practice_procedure_count(practice); }

    /** For ScanRequest::set_procedure_map_id. */
    std::string map_id() const { return itero_practice_procedure_map_id(place_, index_); }
    std::string name() const { return itero_practice_procedure_name(place_, index_); }
};

/** A scanner of the practice. */
class Scanner : public detail::Row<const itero_practice *> {
public:
    using Row::Row;
    static int32_t count(const itero_practice *practice) { return itero_practice_scanner_count(practice); }

    /** For ScanRequest::set_scanner_serial_number. */
    std::string serial_number() const { return itero_practice_scanner_serial_number(place_, index_); }
    std::string model() const { return itero_practice_scanner_model(place_, index_); }
    /** Its name in the practice. */
    std::string name() const { return itero_practice_scanner_name(place_, index_); }
};

/** A practice configuration. */
class Practice : public detail::Handle<itero_practice> {
public:
    using Handle::Handle;

    std::string account_id() const { return itero_practice_account_id(handle()); }
    std::string name() const { return itero_practice_name(handle()); }
    /** In one line. */
    std::string address() const { return itero_practice_address(handle()); }
    std::string phone() const { return itero_practice_phone(handle()); }
    /** An IANA name such as "Europe/Berlin". */
    std::string time_zone() const { return itero_practice_time_zone(handle()); }
    Rows<Doctor> doctors() const { return Rows<Doctor>(handle()); }
    Rows<Lab> labs() const { return Rows<Lab>(handle()); }
    Rows<Procedure> procedures() const { return Rows<Procedure>(handle()); }
    Rows<Scanner> scanners() const { return Rows<Scanner>(handle()); }
    /** The service's whole answer, for members that this library doesn't know. */
    std::string json() const { return itero_practice_json(handle()); }
};

inline Outcome<Practice> Client::practice() {
    itero_practice *practice = nullptr;
    const int32_t status = itero_practice_get(handle(), &practice);
    return detail::done(status, Practice(practice));
}

/* --------------------------------------------------------------------------------------------------------------------
 * Matches
 * -------------------------------------------------------------------------------------------------------------------- */

namespace detail {
template <> inline void release(itero_matches *handle) noexcept { itero_matches_free(handle); }
} // namespace detail

/** A patient at the service who may be the one that is meant. */
class Match : public detail::Row<const itero_matches *> {
public:
    using Row::Row;
    static int32_t count(const itero_matches *matches) { return itero_matches_count(matches); }

    /** The service's GUID, for Client::patients_update. */
    std::string patient_id() const { return itero_matches_patient_id(place_, index_); }
    std::string first_name() const { return itero_matches_first_name(place_, index_); }
    std::string last_name() const { return itero_matches_last_name(place_, index_); }
    /** "" when it is missing. */
    std::string chart_number() const { return itero_matches_chart_number(place_, index_); }
    /** As the service writes it; "" when it is missing. */
    std::string birth_date() const { return itero_matches_birth_date(place_, index_); }
    /** How good the match is, up to 100; from 80 on the chart number is the same. */
    int32_t score() const { return itero_matches_score(place_, index_); }
    /** Why the patient matches: the sum of ITERO_MATCH_ constants. */
    int32_t reason() const { return itero_matches_reason(place_, index_); }
    /** Why the patient matches, in one sentence that holds nothing about the patient. */
    std::string reason_text() const { return itero_matches_reason_text(place_, index_); }
};

/** Patients who may be the one that is meant, best match first: a range of Match. */
class Matches : public detail::Table<itero_matches, Match> {
public:
    using Table::Table;
};

inline Outcome<Matches> Client::patients_match(const Text &first_name, const Text &last_name,
                                               const Text &chart_number) {
    itero_matches *matches = nullptr;
    const int32_t status =
        itero_patients_match(handle(), first_name.c_str(), last_name.c_str(), chart_number.c_str(), &matches);
    return detail::done(status, Matches(matches));
}

/* --------------------------------------------------------------------------------------------------------------------
 * Scan request
 * -------------------------------------------------------------------------------------------------------------------- */

namespace detail {
template <> inline void release(itero_scan_request *handle) noexcept { itero_scan_request_free(handle); }
inline itero_scan_request *new_scan_request() {
    itero_scan_request *request = nullptr;
    static_cast<void>(done(itero_scan_request_new(&request)));
    return request;
}
} // namespace detail

/** A scan request in the making, filled step by step. It may be sent, changed and sent again. */
class ScanRequest : public detail::Handle<itero_scan_request> {
public:
    using Handle::Handle;

    /** An empty scan request. */
    ScanRequest() : Handle(detail::new_scan_request()) {}

    /** From Doctor::id. Needed. */
    Outcome<void> set_doctor_id(const Text &doctor_id) {
        return detail::done(itero_scan_request_set_doctor_id(handle(), doctor_id.c_str()));
    }
    /** Needed. */
    Outcome<void> set_patient_first_name(const Text &patient_first_name) {
        return detail::done(itero_scan_request_set_patient_first_name(handle(), patient_first_name.c_str()));
    }
    /** Needed. */
    Outcome<void> set_patient_last_name(const Text &patient_last_name) {
        return detail::done(itero_scan_request_set_patient_last_name(handle(), patient_last_name.c_str()));
    }
    /** Needed. */
    Outcome<void> set_patient_chart_number(const Text &patient_chart_number) {
        return detail::done(itero_scan_request_set_patient_chart_number(handle(), patient_chart_number.c_str()));
    }
    /** "yyyy-MM-dd" or "MM/dd/yyyy". */
    Outcome<void> set_patient_birth_date(const Text &patient_birth_date) {
        return detail::done(itero_scan_request_set_patient_birth_date(handle(), patient_birth_date.c_str()));
    }
    /** In the service's words. */
    Outcome<void> set_patient_gender(const Text &patient_gender) {
        return detail::done(itero_scan_request_set_patient_gender(handle(), patient_gender.c_str()));
    }
    /** From Procedure::map_id. Needed. */
    Outcome<void> set_procedure_map_id(const Text &procedure_map_id) {
        return detail::done(itero_scan_request_set_procedure_map_id(handle(), procedure_map_id.c_str()));
    }
    /** From Scanner::serial_number. */
    Outcome<void> set_scanner_serial_number(const Text &scanner_serial_number) {
        return detail::done(itero_scan_request_set_scanner_serial_number(handle(), scanner_serial_number.c_str()));
    }
    /** From Lab::id. */
    Outcome<void> set_lab_id(const Text &lab_id) {
        return detail::done(itero_scan_request_set_lab_id(handle(), lab_id.c_str()));
    }
    /** When the lab should be done, "yyyy-MM-dd" or "MM/dd/yyyy". */
    Outcome<void> set_due_date(const Text &due_date) {
        return detail::done(itero_scan_request_set_due_date(handle(), due_date.c_str()));
    }
    /** For the person at the scanner or in the lab. */
    Outcome<void> set_notes(const Text &notes) {
        return detail::done(itero_scan_request_set_notes(handle(), notes.c_str()));
    }
    /** Adds a tooth with its treatment; "" for what is not given. */
    Outcome<void> add_tooth(const Text &tooth_number, const Text &restoration = "", const Text &material = "",
                            const Text &shade = "") {
        return detail::done(itero_scan_request_add_tooth(handle(), tooth_number.c_str(), restoration.c_str(),
                                                         material.c_str(), shade.c_str()));
    }
    /** P3: lets the scan request correct the patient's name too. */
    Outcome<void> set_update_patient(bool update_patient) {
        return detail::done(itero_scan_request_set_update_patient(handle(), update_patient ? 1 : 0));
    }
};

/* --------------------------------------------------------------------------------------------------------------------
 * Rx
 * -------------------------------------------------------------------------------------------------------------------- */

namespace detail {
template <> inline void release(itero_rx *handle) noexcept { itero_rx_free(handle); }
} // namespace detail

/** The service's record of a scan request. */
class Rx : public detail::Handle<itero_rx> {
public:
    using Handle::Handle;

    /** The RxID. The program must keep it. */
    std::string id() const { return itero_rx_id(handle()); }
    /** The id of the order, when the service has one already. */
    std::string order_id() const { return itero_rx_order_id(handle()); }
    /** The GUID of the patient. */
    std::string patient_id() const { return itero_rx_patient_id(handle()); }
    /** When it was created, as the service writes it. */
    std::string created_at() const { return itero_rx_created_at(handle()); }
    /** When it was created, in milliseconds since 1970-01-01T00:00:00Z; -1 when it isn't known. */
    int64_t created_time() const { return itero_rx_created_time(handle()); }
    /** The id under which this library sent the scan request. */
    std::string operation_id() const { return itero_rx_operation_id(handle()); }
    /** The service's whole answer, for members that this library doesn't know. */
    std::string json() const { return itero_rx_json(handle()); }
};

inline Outcome<Rx> Client::scan_request_send(const ScanRequest &request) {
    itero_rx *rx = nullptr;
    const int32_t status = itero_scan_request_send(handle(), request.handle(), &rx);
    return detail::done(status, Rx(rx));
}

inline Outcome<void> Client::rx_delete(const Text &rx_id) {
    return detail::done(itero_rx_delete(handle(), rx_id.c_str()));
}

/* --------------------------------------------------------------------------------------------------------------------
 * Push
 * -------------------------------------------------------------------------------------------------------------------- */

namespace detail {

typedef Hook<PushCallback> PushHook;

inline int32_t ITERO_CALL push_asks(void *user, const itero_matches *matches) {
    int32_t answer = ITERO_PUSH_STOP;
    PushHook::run(user, [&](const PushCallback &ask) { answer = ask(Matches(Borrowed(), matches)); });
    return answer;
}

} // namespace detail

inline Outcome<Rx> Client::rx_push(const ScanRequest &request, PushPolicy policy, PushCallback callback) {
    const std::shared_ptr<detail::PushHook> hook = detail::PushHook::make(std::move(callback));
    itero_rx *rx = nullptr;
    const int32_t status = itero_rx_push(handle(), request.handle(), static_cast<int32_t>(policy),
                                         hook ? detail::push_asks : nullptr, hook.get(), &rx);
    Rx sent(rx);
    if (hook) hook->rethrow();
    return detail::done(status, std::move(sent));
}

/* --------------------------------------------------------------------------------------------------------------------
 * Ledger
 * -------------------------------------------------------------------------------------------------------------------- */

/** How a scan request ended. */
enum class LedgerOutcome : int32_t { unknown = ITERO_LEDGER_UNKNOWN, sent = ITERO_LEDGER_SENT };

namespace detail {
template <> inline void release(itero_ledger *handle) noexcept { itero_ledger_free(handle); }
} // namespace detail

/** A scan request that was sent, or whose end nobody saw. */
class LedgerEntry : public detail::Row<const itero_ledger *> {
public:
    using Row::Row;
    static int32_t count(const itero_ledger *ledger) { return itero_ledger_count(ledger); }

    LedgerOutcome outcome() const { return static_cast<LedgerOutcome>(itero_ledger_outcome(place_, index_)); }
    /** "" while it is not known. */
    std::string rx_id() const { return itero_ledger_rx_id(place_, index_); }
    /** The id under which the scan request was sent. */
    std::string operation_id() const { return itero_ledger_operation_id(place_, index_); }
    std::string account_id() const { return itero_ledger_account_id(place_, index_); }
    /** In milliseconds since 1970-01-01T00:00:00Z. */
    int64_t time() const { return itero_ledger_time(place_, index_); }
};

/** Rows of the ledger: a range of LedgerEntry. */
class Ledger : public detail::Table<itero_ledger, LedgerEntry> {
public:
    using Table::Table;
};

inline Outcome<bool> Client::rx_is_known(const Text &rx_id) {
    int32_t known = 0;
    const int32_t status = itero_rx_is_known(handle(), rx_id.c_str(), &known);
    return detail::done(status, known != 0);
}

inline Outcome<Ledger> Client::ledger_find(const Text &chart_number) {
    itero_ledger *ledger = nullptr;
    const int32_t status = itero_ledger_find(handle(), chart_number.c_str(), &ledger);
    return detail::done(status, Ledger(ledger));
}

/* --------------------------------------------------------------------------------------------------------------------
 * Resolution
 * -------------------------------------------------------------------------------------------------------------------- */

/** What became of a scan request. Only not_sent permits a resend. */
enum class RxOutcome : int32_t {
    still_unknown = ITERO_RX_STILL_UNKNOWN,
    sent = ITERO_RX_SENT,
    not_sent = ITERO_RX_NOT_SENT
};

namespace detail {
template <> inline void release(itero_resolution *handle) noexcept { itero_resolution_free(handle); }
} // namespace detail

/** What was found out about a scan request. */
class Resolution : public detail::Handle<itero_resolution> {
public:
    using Handle::Handle;

    RxOutcome outcome() const { return static_cast<RxOutcome>(itero_resolution_outcome(handle())); }
    /** The RxID when it was sent, else "". */
    std::string rx_id() const { return itero_resolution_rx_id(handle()); }
    /** The operation id that was asked for. */
    std::string operation_id() const { return itero_resolution_operation_id(handle()); }
    /** After how many milliseconds the service may show that it was not sent; -1 when nobody can say. */
    int64_t wait_ms() const { return itero_resolution_wait_ms(handle()); }
};

inline Outcome<Resolution> Client::rx_resolve(const Text &operation_id, const Text &chart_number) {
    itero_resolution *resolution = nullptr;
    const int32_t status = itero_rx_resolve(handle(), operation_id.c_str(), chart_number.c_str(), &resolution);
    return detail::done(status, Resolution(resolution));
}

inline Outcome<void> Client::rx_settle(const Text &operation_id, const Text &rx_id) {
    return detail::done(itero_rx_settle(handle(), operation_id.c_str(), rx_id.c_str()));
}

/* --------------------------------------------------------------------------------------------------------------------
 * Outbox
 * -------------------------------------------------------------------------------------------------------------------- */

class OutboxItems;
class OutboxJob;

namespace detail {
template <> inline void release(itero_outbox *handle) noexcept { itero_outbox_free(handle); }
} // namespace detail

/** What a program wants done at the service while the network may be away, on the disk. */
class Outbox : public detail::Handle<itero_outbox> {
public:
    using Handle::Handle;

    /** Opens an outbox, or makes an empty one. An absolute path. */
    static Outcome<Outbox> open(const Text &path) {
        itero_outbox *outbox = nullptr;
        const int32_t status = itero_outbox_open(path.c_str(), &outbox);
        return detail::done(status, Outbox(outbox));
    }

    /** D2: puts a copy of a scan request in, after checking all of it; returns the item's id. */
    Outcome<int32_t> add_scan_request(const ScanRequest &request) {
        int32_t item_id = 0;
        const int32_t status = itero_outbox_add_scan_request(handle(), request.handle(), &item_id);
        return detail::done(status, item_id);
    }
    /** P2: puts the correction of one patient in; nullptr leaves a member as it is. Returns the item's id. */
    Outcome<int32_t> add_patient_update(const Text &patient_id, const Text &first_name, const Text &last_name = nullptr,
                                        const Text &chart_number = nullptr) {
        int32_t item_id = 0;
        const int32_t status = itero_outbox_add_patient_update(handle(), patient_id.c_str(), first_name.c_str(),
                                                               last_name.c_str(), chart_number.c_str(), &item_id);
        return detail::done(status, item_id);
    }
    /** P4: puts the correction of a patient's name in; nullptr leaves a member as it is. Returns the item's id. */
    Outcome<int32_t> add_patient_update_by_chart_number(const Text &chart_number, const Text &first_name,
                                                        const Text &last_name = nullptr) {
        int32_t item_id = 0;
        const int32_t status = itero_outbox_add_patient_update_by_chart_number(
            handle(), chart_number.c_str(), first_name.c_str(), last_name.c_str(), &item_id);
        return detail::done(status, item_id);
    }
    /** D7: puts the withdrawal of an Rx in; returns the item's id. */
    Outcome<int32_t> add_rx_delete(const Text &rx_id) {
        int32_t item_id = 0;
        const int32_t status = itero_outbox_add_rx_delete(handle(), rx_id.c_str(), &item_id);
        return detail::done(status, item_id);
    }
    /** Takes an item out that is confirmed, has failed, or has not been sent yet and then never is. */
    Outcome<void> remove(int32_t item_id) { return detail::done(itero_outbox_remove(handle(), item_id)); }
    /** Lets a failed item be sent again by the next run. */
    Outcome<void> retry(int32_t item_id) { return detail::done(itero_outbox_retry(handle(), item_id)); }
    /** What a person found about a scan request: the RxID, or nullptr when it did not arrive and is to be sent again. */
    Outcome<void> settle(int32_t item_id, const Text &rx_id) {
        return detail::done(itero_outbox_settle(handle(), item_id, rx_id.c_str()));
    }
    /** Begins to send what is in it, oldest first. */
    Outcome<OutboxJob> run(Client &client);
    /** What is in it now; the table doesn't change when the outbox does. */
    Outcome<OutboxItems> items() const;
};

/* --------------------------------------------------------------------------------------------------------------------
 * Outbox job
 * -------------------------------------------------------------------------------------------------------------------- */

namespace detail {
template <> inline void release(itero_outbox_job *handle) noexcept { itero_outbox_job_free(handle); }
} // namespace detail

/** A run of an outbox. Its end cancels one that is still at work. */
class OutboxJob : public detail::Handle<itero_outbox_job> {
public:
    using Handle::Handle;

    /**
     * Waits; true when all items are confirmed, false while it still runs. Fails with what went wrong first. Negative
     * waits as long as it takes.
     */
    Outcome<bool> wait(int32_t wait_ms = -1) { return detail::arrived(itero_outbox_job_wait(handle(), wait_ms)); }
    /** Cancels; wait() then fails with ITERO_E_CANCELLED, or ITERO_E_OUTCOME_UNKNOWN. */
    Outcome<void> cancel() { return detail::done(itero_outbox_job_cancel(handle())); }
};

inline Outcome<OutboxJob> Outbox::run(Client &client) {
    itero_outbox_job *job = nullptr;
    const int32_t status = itero_outbox_run(handle(), client.handle(), &job);
    return detail::done(status, OutboxJob(job));
}

/* --------------------------------------------------------------------------------------------------------------------
 * Outbox items
 * -------------------------------------------------------------------------------------------------------------------- */

/** What is to be done. */
enum class OutboxKind : int32_t {
    scan_request = ITERO_OUTBOX_SCAN_REQUEST,
    patient_update = ITERO_OUTBOX_PATIENT_UPDATE,
    patient_update_by_chart_number = ITERO_OUTBOX_PATIENT_UPDATE_BY_CHART_NUMBER,
    rx_delete = ITERO_OUTBOX_RX_DELETE
};

/** How far an item is. One that is unknown or has failed holds back later ones of its patient. */
enum class OutboxState : int32_t {
    prepared = ITERO_OUTBOX_PREPARED,
    sent = ITERO_OUTBOX_SENT,
    confirmed = ITERO_OUTBOX_CONFIRMED,
    unknown = ITERO_OUTBOX_UNKNOWN,
    failed = ITERO_OUTBOX_FAILED
};

namespace detail {
template <> inline void release(itero_outbox_items *handle) noexcept { itero_outbox_items_free(handle); }
} // namespace detail

/** An item of an outbox. It tells no patient data. */
class OutboxItem : public detail::Row<const itero_outbox_items *> {
public:
    using Row::Row;
    static int32_t count(const itero_outbox_items *items) { return itero_outbox_items_count(items); }

    /** For Outbox::remove, retry and settle. */
    int32_t id() const { return itero_outbox_items_id(place_, index_); }
    OutboxKind kind() const { return static_cast<OutboxKind>(itero_outbox_items_kind(place_, index_)); }
    OutboxState state() const { return static_cast<OutboxState>(itero_outbox_items_state(place_, index_)); }
    /** Of a confirmed scan request, to be kept; "" for the others. */
    std::string rx_id() const { return itero_outbox_items_rx_id(place_, index_); }
    /** The id under which a scan request is sent. */
    std::string operation_id() const { return itero_outbox_items_operation_id(place_, index_); }
    /** The status of the last failure; 0 when there was none. */
    int32_t status() const { return itero_outbox_items_status(place_, index_); }
    /** The message of the last failure; "" when there was none. */
    std::string message() const { return itero_outbox_items_message(place_, index_); }
    /** When it was added, in milliseconds since 1970-01-01T00:00:00Z. */
    int64_t created_time() const { return itero_outbox_items_created_time(place_, index_); }
    /** When its state changed last, in milliseconds since 1970-01-01T00:00:00Z. */
    int64_t changed_time() const { return itero_outbox_items_changed_time(place_, index_); }
    /** In how many runs it was sent. */
    int32_t attempts() const { return itero_outbox_items_attempts(place_, index_); }
};

/** What is in an outbox, the oldest item first: a range of OutboxItem. */
class OutboxItems : public detail::Table<itero_outbox_items, OutboxItem> {
public:
    using Table::Table;
};

inline Outcome<OutboxItems> Outbox::items() const {
    itero_outbox_items *items = nullptr;
    const int32_t status = itero_outbox_items_list(handle(), &items);
    return detail::done(status, OutboxItems(items));
}

/* --------------------------------------------------------------------------------------------------------------------
 * Order query
 * -------------------------------------------------------------------------------------------------------------------- */

namespace detail {
template <> inline void release(itero_order_query *handle) noexcept { itero_order_query_free(handle); }
inline itero_order_query *new_order_query() {
    itero_order_query *query = nullptr;
    static_cast<void>(done(itero_order_query_new(&query)));
    return query;
}
} // namespace detail

/** What to ask of the orders. A new one asks for all ready orders. */
class OrderQuery : public detail::Handle<itero_order_query> {
public:
    using Handle::Handle;

    /** Asks for all ready orders. */
    OrderQuery() : Handle(detail::new_order_query()) {}

    /** Updated at this time or later: RFC 3339, or a day; "" for no limit. */
    Outcome<void> set_from(const Text &from) {
        return detail::done(itero_order_query_set_from(handle(), from.c_str()));
    }
    /** Updated before this time: RFC 3339, or a day; "" for no limit. */
    Outcome<void> set_to(const Text &to) { return detail::done(itero_order_query_set_to(handle(), to.c_str())); }
    /** The orders of one chart number; "" for all. */
    Outcome<void> set_chart_number(const Text &chart_number) {
        return detail::done(itero_order_query_set_chart_number(handle(), chart_number.c_str()));
    }
    /** How many orders one request brings; 0 leaves it to the service. */
    Outcome<void> set_page_size(int32_t page_size) {
        return detail::done(itero_order_query_set_page_size(handle(), page_size));
    }
};

/* --------------------------------------------------------------------------------------------------------------------
 * Orders
 * -------------------------------------------------------------------------------------------------------------------- */

namespace detail {
template <> inline void release(itero_orders *handle) noexcept { itero_orders_free(handle); }

/* Where an order's files are. */
struct OrderPlace {
    const itero_orders *orders;
    int32_t order;
};
} // namespace detail

/** A file of an order, at the service. */
class OrderFile : public detail::Row<detail::OrderPlace> {
public:
    using Row::Row;
    static int32_t count(detail::OrderPlace place) { return itero_orders_file_count(place.orders, place.order); }

    /** For Client::download_start_file. */
    std::string id() const { return itero_orders_file_id(place_.orders, place_.order, index_); }
    /** IDE, IMAGE_GALLERY, SCREEN_CAPTURE, VIEWER, STL, PLY, or a new word. */
    std::string kind() const { return itero_orders_file_kind(place_.orders, place_.order, index_); }
    std::string name() const { return itero_orders_file_name(place_.orders, place_.order, index_); }
    /** The media type. */
    std::string content_type() const { return itero_orders_file_content_type(place_.orders, place_.order, index_); }
    /** Hexadecimal digits in lower case; "" when the service doesn't tell. */
    std::string sha256() const { return itero_orders_file_sha256(place_.orders, place_.order, index_); }
    /** In bytes; -1 when the service doesn't tell. */
    int64_t size() const { return itero_orders_file_size(place_.orders, place_.order, index_); }
};

/** An order: a scan with its data and files. */
class Order : public detail::Row<const itero_orders *> {
public:
    using Row::Row;
    static int32_t count(const itero_orders *orders) { return itero_orders_count(orders); }

    /** For Client::download_start. It stays the same when the order's files change. */
    std::string id() const { return itero_orders_id(place_, index_); }
    /** As people see it. */
    std::string code() const { return itero_orders_code(place_, index_); }
    /** "" for a scan that was made without a scan request. */
    std::string rx_id() const { return itero_orders_rx_id(place_, index_); }
    std::string account_id() const { return itero_orders_account_id(place_, index_); }
    /** In the service's words, such as "Completed"; new words may come. */
    std::string status() const { return itero_orders_status(place_, index_); }
    std::string case_type() const { return itero_orders_case_type(place_, index_); }
    /** When the lab should be done, as the service writes it. */
    std::string due_date() const { return itero_orders_due_date(place_, index_); }
    std::string lab_id() const { return itero_orders_lab_id(place_, index_); }
    std::string notes() const { return itero_orders_notes(place_, index_); }
    /** As the service writes it. */
    std::string scan_date() const { return itero_orders_scan_date(place_, index_); }
    /** In milliseconds since 1970-01-01T00:00:00Z; -1 when it isn't known. */
    int64_t scan_time() const { return itero_orders_scan_time(place_, index_); }
    /** As the service writes it. */
    std::string updated_date() const { return itero_orders_updated_date(place_, index_); }
    /** In milliseconds since 1970-01-01T00:00:00Z; -1 when it isn't known. */
    int64_t updated_time() const { return itero_orders_updated_time(place_, index_); }
    /** A GUID. */
    std::string patient_id() const { return itero_orders_patient_id(place_, index_); }
    std::string patient_first_name() const { return itero_orders_patient_first_name(place_, index_); }
    std::string patient_last_name() const { return itero_orders_patient_last_name(place_, index_); }
    std::string patient_chart_number() const { return itero_orders_patient_chart_number(place_, index_); }
    std::string doctor_id() const { return itero_orders_doctor_id(place_, index_); }
    std::string doctor_first_name() const { return itero_orders_doctor_first_name(place_, index_); }
    std::string doctor_last_name() const { return itero_orders_doctor_last_name(place_, index_); }
    Rows<OrderFile> files() const { return Rows<OrderFile>(detail::OrderPlace{place_, index_}); }

private:
    friend class Client;
};

/** A table of orders: a range of Order. */
class Orders : public detail::Table<itero_orders, Order> {
public:
    using Table::Table;

    /** The service's whole answer. It holds short-lived URLs, which must not be kept. */
    std::string json() const { return itero_orders_json(handle()); }
};

inline Outcome<Orders> Client::list(const itero_order_query *query) {
    itero_orders *orders = nullptr;
    const int32_t status = itero_orders_list(handle(), query, &orders);
    return detail::done(status, Orders(orders));
}

inline Outcome<Orders> Client::orders() { return list(nullptr); }

inline Outcome<Orders> Client::orders(const OrderQuery &query) { return list(query.given()); }

inline Outcome<Orders> Client::orders_by_rx(const Text &rx_id) {
    itero_orders *orders = nullptr;
    const int32_t status = itero_orders_by_rx(handle(), rx_id.c_str(), &orders);
    return detail::done(status, Orders(orders));
}

/* --------------------------------------------------------------------------------------------------------------------
 * Order cursor
 * -------------------------------------------------------------------------------------------------------------------- */

namespace detail {
template <> inline void release(itero_order_cursor *handle) noexcept { itero_order_cursor_free(handle); }
} // namespace detail

/** A walk through many orders with one page in memory at a time. */
class OrderCursor : public detail::Handle<itero_order_cursor> {
public:
    using Handle::Handle;

    /** The next page; an empty one is the end. After a failure the same page is asked for again. */
    Outcome<Orders> next() {
        itero_orders *orders = nullptr;
        const int32_t status = itero_orders_next(handle(), &orders);
        return detail::done(status, Orders(orders));
    }
};

inline Outcome<OrderCursor> Client::open(const itero_order_query *query) {
    itero_order_cursor *cursor = nullptr;
    const int32_t status = itero_orders_open(handle(), query, &cursor);
    return detail::done(status, OrderCursor(cursor));
}

inline Outcome<OrderCursor> Client::orders_open() { return open(nullptr); }
inline Outcome<OrderCursor> Client::orders_open(const OrderQuery &query) { return open(query.given()); }

/* --------------------------------------------------------------------------------------------------------------------
 * Download
 * -------------------------------------------------------------------------------------------------------------------- */

/** What a file on disk is. */
enum class FileRole : int32_t {
    other = ITERO_ROLE_OTHER,
    upper_arch = ITERO_ROLE_UPPER_ARCH,
    lower_arch = ITERO_ROLE_LOWER_ARCH,
    both_arches = ITERO_ROLE_BOTH_ARCHES,
    rx = ITERO_ROLE_RX,
    picture = ITERO_ROLE_PICTURE,
    archive = ITERO_ROLE_ARCHIVE,
    data = ITERO_ROLE_DATA
};

/** How far a download has come. total_bytes is -1 while it isn't known. */
struct Progress {
    int64_t bytes, total_bytes, files, total_files;
};

namespace detail {

template <> inline void release(itero_download *handle) noexcept { itero_download_free(handle); }

typedef Hook<ProgressCallback> ProgressHook;

inline void ITERO_CALL download_tells(void *user, int64_t bytes, int64_t total_bytes, int64_t files,
                                      int64_t total_files) {
    const Progress now = {bytes, total_bytes, files, total_files};
    ProgressHook::run(user, [&](const ProgressCallback &tell) { tell(now); });
}

} // namespace detail

/** A file that a download has brought to disk. */
class DownloadedFile : public detail::Row<const itero_download *> {
public:
    using Row::Row;
    static int32_t count(const itero_download *download) { return itero_download_file_count(download); }

    /** Absolute. */
    std::string path() const { return itero_download_file_path(place_, index_); }
    /** Safe on Windows; it may differ from the service's. */
    std::string name() const { return itero_download_file_name(place_, index_); }
    /** In the service's words; an unpacked file has its archive's. */
    std::string kind() const { return itero_download_file_kind(place_, index_); }
    /** The name of the archive that it was unpacked from; "" for a file of the order itself. */
    std::string archive() const { return itero_download_file_archive(place_, index_); }
    /** Hexadecimal digits in lower case. */
    std::string sha256() const { return itero_download_file_sha256(place_, index_); }
    /** In bytes. */
    int64_t size() const { return itero_download_file_size(place_, index_); }
    FileRole role() const { return static_cast<FileRole>(itero_download_file_role(place_, index_)); }
    /** Whether it was there already, whole and unchanged, and was not fetched again. */
    bool was_there() const { return itero_download_file_was_there(place_, index_) != 0; }
    /** The triangles of a mesh; 0 for a file that is none, -1 for one that can't be read. */
    int64_t triangles() const { return itero_download_file_triangles(place_, index_); }
    /** The extent of a mesh in millimeters along an axis: 0 for x, 1 for y, 2 for z. */
    double extent(int32_t axis) const { return itero_download_file_extent(place_, index_, axis); }
};

/** A download under way or done. Its end cancels one that still runs; the files stay. */
class Download : public detail::Handle<itero_download> {
public:
    using Handle::Handle;

    /** Waits; true when all files are in place, false when they aren't yet. Negative waits as long as it takes. */
    Outcome<bool> wait(int32_t wait_ms = -1) {
        const int32_t status = itero_download_wait(handle(), wait_ms);
        rethrow();
        return detail::arrived(status);
    }
    /** How far it has come. */
    Outcome<Progress> progress() const {
        Progress now = {0, -1, 0, 0};
        const int32_t status =
            itero_download_progress(handle(), &now.bytes, &now.total_bytes, &now.files, &now.total_files);
        rethrow();
        return detail::done(status, now);
    }
    /** Cancels; wait() then fails with ITERO_E_CANCELLED. Finished files are kept. */
    Outcome<void> cancel() { return finish(itero_download_cancel(handle())); }
    /** The files on disk, with those unpacked from archives; none before wait() has returned true. */
    Rows<DownloadedFile> files() const { return Rows<DownloadedFile>(handle()); }
};

inline Outcome<Download> Client::download_start(const Text &order_id, const Text &folder, uint32_t kinds,
                                                uint32_t flags, ProgressCallback progress) {
    const std::shared_ptr<detail::ProgressHook> hook = detail::ProgressHook::make(std::move(progress));
    itero_download *download = nullptr;
    const int32_t status = itero_download_start(handle(), order_id.c_str(), folder.c_str(), kinds, flags,
                                                hook ? detail::download_tells : nullptr, hook.get(), &download);
    return detail::done(status, Download(download, hook));
}

inline Outcome<Download> Client::download_start_from_order(const Order &order, const Text &folder, uint32_t kinds,
                                                           uint32_t flags, ProgressCallback progress) {
    const std::shared_ptr<detail::ProgressHook> hook = detail::ProgressHook::make(std::move(progress));
    itero_download *download = nullptr;
    const int32_t status =
        itero_download_start_from_order(handle(), order.place_, order.index_, folder.c_str(), kinds, flags,
                                        hook ? detail::download_tells : nullptr, hook.get(), &download);
    return detail::done(status, Download(download, hook));
}

inline Outcome<Download> Client::download_start_file(const Text &order_id, const Text &file_id, const Text &folder,
                                                     uint32_t flags, ProgressCallback progress) {
    const std::shared_ptr<detail::ProgressHook> hook = detail::ProgressHook::make(std::move(progress));
    itero_download *download = nullptr;
    const int32_t status =
        itero_download_start_file(handle(), order_id.c_str(), file_id.c_str(), folder.c_str(), flags,
                                  hook ? detail::download_tells : nullptr, hook.get(), &download);
    return detail::done(status, Download(download, hook));
}

/* --------------------------------------------------------------------------------------------------------------------
 * Notifications
 * -------------------------------------------------------------------------------------------------------------------- */

namespace detail {

template <> inline void release(itero_notification *handle) noexcept { itero_notification_free(handle); }
template <> inline void release(itero_listener *handle) noexcept { itero_listener_free(handle); }

typedef Hook<NotificationCallback> NotificationHook;

inline void ITERO_CALL listener_tells(void *user, const char *rx_id, const char *account_id) {
    NotificationHook::run(user, [&](const NotificationCallback &tell) { tell(rx_id, account_id); });
}

} // namespace detail

/** One notification: a hint that an order has changed, never a proof. */
class Notification : public detail::Handle<itero_notification> {
public:
    using Handle::Handle;

    /** D5: reads the body that this program's own web server received. */
    static Outcome<Notification> parse(const Text &body) {
        itero_notification *notification = nullptr;
        const int32_t status = itero_notification_parse(body.c_str(), &notification);
        return detail::done(status, Notification(notification));
    }

    std::string rx_id() const { return itero_notification_rx_id(handle()); }
    std::string account_id() const { return itero_notification_account_id(handle()); }
};

/** Listens for notifications. */
class Listener : public detail::Handle<itero_listener> {
public:
    using Handle::Handle;

    /** Where notifications must be posted to, for Client::pair. It holds a secret. */
    std::string url() const { return itero_listener_url(handle()); }
    /** Waits for the next notification; an empty one when none has come. Negative waits as long as it takes. */
    Outcome<Notification> wait(int32_t wait_ms = -1) {
        itero_notification *notification = nullptr;
        const int32_t status = itero_listener_wait(handle(), wait_ms, &notification);
        Notification next(notification);
        rethrow();
        return detail::done(status == ITERO_E_PENDING ? ITERO_OK : status, std::move(next));
    }
    /** Stops; the callback is never called again once this returns. */
    Outcome<void> stop() { return finish(itero_listener_stop(handle())); }
};

inline Outcome<Listener> Client::listener_start(int32_t port, NotificationCallback callback) {
    const std::shared_ptr<detail::NotificationHook> hook = detail::NotificationHook::make(std::move(callback));
    itero_listener *listener = nullptr;
    const int32_t status =
        itero_listener_start(handle(), port, hook ? detail::listener_tells : nullptr, hook.get(), &listener);
    return detail::done(status, Listener(listener, hook));
}

/* --------------------------------------------------------------------------------------------------------------------
 * Watch
 * -------------------------------------------------------------------------------------------------------------------- */

namespace detail {

template <> inline void release(itero_event *handle) noexcept { itero_event_free(handle); }
template <> inline void release(itero_watch *handle) noexcept { itero_watch_free(handle); }

typedef Hook<WatchCallback> WatchHook;
inline void ITERO_CALL watch_tells(void *user, const itero_event *event);

} // namespace detail

/** A scan that is ready. */
class Event : public detail::Handle<itero_event> {
public:
    using Handle::Handle;

    /** For Client::download_start and Watch::ack. */
    std::string order_id() const { return itero_event_order_id(handle()); }
    /** "" for a scan that was made without a scan request. */
    std::string rx_id() const { return itero_event_rx_id(handle()); }
    std::string account_id() const { return itero_event_account_id(handle()); }
    /** The order's status in the service's words. */
    std::string status() const { return itero_event_status(handle()); }
    /** The version of the order's files, for Watch::ack. */
    std::string version() const { return itero_event_version(handle()); }
    /** The order as the service told it, in a table of one. */
    Outcome<Orders> orders() const {
        itero_orders *orders = nullptr;
        const int32_t status = itero_event_orders(handle(), &orders);
        return detail::done(status, Orders(orders));
    }
};

/** Watches an account's orders: every scan that is ready becomes an event, until it is acknowledged. */
class Watch : public detail::Handle<itero_watch> {
public:
    using Handle::Handle;

    /** Waits for the next event; an empty one when none has come. Negative waits as long as it takes. */
    Outcome<Event> wait(int32_t wait_ms = -1) {
        itero_event *event = nullptr;
        const int32_t status = itero_watch_wait(handle(), wait_ms, &event);
        Event next(event);
        rethrow();
        return detail::done(status == ITERO_E_PENDING ? ITERO_OK : status, std::move(next));
    }
    /** Acknowledges an event: no watch with this state file tells it again. */
    Outcome<void> ack(const Text &order_id, const Text &version) {
        return finish(itero_watch_ack(handle(), order_id.c_str(), version.c_str()));
    }
    /** Acknowledges an event. */
    Outcome<void> ack(const Event &event) { return ack(event.order_id(), event.version()); }
    /** D5: tells of a notification that this program's own web server received. */
    Outcome<void> hint(const Notification &notification) {
        return finish(itero_watch_hint(handle(), notification.handle()));
    }
    /** How the last look at the service went; never thrown. ITERO_E_PENDING before the first is done. */
    Error status() const {
        itero_watch_status(handle());
        return Error::last();
    }
    /** Stops; the callback is never called again once this returns. */
    Outcome<void> stop() { return finish(itero_watch_stop(handle())); }
};

namespace detail {
inline void ITERO_CALL watch_tells(void *user, const itero_event *event) {
    WatchHook::run(user, [&](const WatchCallback &tell) { tell(Event(Borrowed(), event)); });
}
} // namespace detail

inline Outcome<Watch> Client::watch_start(const Text &state_file, const Text &since, const Listener *listener,
                                          int32_t interval_ms, WatchCallback callback) {
    const std::shared_ptr<detail::WatchHook> hook = detail::WatchHook::make(std::move(callback));
    itero_watch *watch = nullptr;
    const int32_t status = itero_watch_start(handle(), state_file.c_str(), since.c_str(),
                                             listener != nullptr ? listener->given() : nullptr, interval_ms,
                                             hook ? detail::watch_tells : nullptr, hook.get(), &watch);
    return detail::done(status, Watch(watch, hook));
}

/* --------------------------------------------------------------------------------------------------------------------
 * Diagnosis
 * -------------------------------------------------------------------------------------------------------------------- */

/** How a check ended. */
enum class CheckResult : int32_t {
    skipped = ITERO_CHECK_SKIPPED,
    good = ITERO_CHECK_GOOD,
    warning = ITERO_CHECK_WARNING,
    failed = ITERO_CHECK_FAILED
};

namespace detail {
template <> inline void release(itero_diagnosis *handle) noexcept { itero_diagnosis_free(handle); }
} // namespace detail

/** A check that was made. */
class Check : public detail::Row<const itero_diagnosis *> {
public:
    using Row::Row;
    static int32_t count(const itero_diagnosis *diagnosis) { return itero_diagnosis_count(diagnosis); }

    /** What was checked, such as "dns" or "tls". */
    std::string name() const { return itero_diagnosis_name(place_, index_); }
    CheckResult result() const { return static_cast<CheckResult>(itero_diagnosis_result(place_, index_)); }
    /** What was found, in one sentence. */
    std::string detail() const { return itero_diagnosis_detail(place_, index_); }
    /** What to do about it, in one sentence. */
    std::string advice() const { return itero_diagnosis_advice(place_, index_); }
};

/** A table of checks, in the order in which they were made: a range of Check. */
class Diagnosis : public detail::Table<itero_diagnosis, Check> {
public:
    using Table::Table;
};

inline Outcome<Diagnosis> Client::diagnose(const Text &notification_url) {
    itero_diagnosis *diagnosis = nullptr;
    const int32_t status = itero_client_diagnose(handle(), notification_url.c_str(), &diagnosis);
    return detail::done(status, Diagnosis(diagnosis));
}

} // inline namespace
} // namespace itero

#undef ITERO_CPP
#undef ITERO_NODISCARD

#endif /* ITERO_HPP */
