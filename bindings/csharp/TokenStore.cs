using System;

namespace Itero
{
    /// <summary>Who can open the text that a token store of the program's own is given.</summary>
    public enum TokenProtection
    {
        /// <summary>The text holds the tokens in the open, so that several computers may share one sign-in. It must be kept like a
        /// password: encrypted, and out of other users' reach.</summary>
        Open = Native.ITERO_TOKENS_OPEN,

        /// <summary>The text opens for this user on this computer only, so each user of each computer needs a row of its own.</summary>
        Sealed = Native.ITERO_TOKENS_SEALED,
    }

    /// <summary>
    /// Where a program keeps the tokens itself. The methods are called one at a time for each client, on threads of the
    /// library's, and in new Client(…) and calls that find nobody signed in on the caller's; never through a
    /// SynchronizationContext, because the library waits for the answer. Between Lock and Unlock the others are called, and the
    /// service is asked, for at most a minute.
    ///
    /// What one of them throws makes the call that needed it fail with the status Store, and is that exception's inner one. Only
    /// Save may fail behind a call that succeeds: the service knows no other tokens any more, so they are kept in memory, the
    /// log tells it, and they are saved at the next chance. From within the methods a call that needs a token fails with the
    /// status State.
    /// </summary>
    public interface ITokenStore
    {
        /// <summary>The text that was saved last; null or "" when none was saved yet.</summary>
        string Load();

        /// <summary>Puts a text in the place of the one before. It must be on the disk when this returns.</summary>
        /// <param name="text">Printable ASCII in one line, usually 2 to 8 KB, at most 65535 characters.</param>
        void Save(string text);

        /// <summary>
        /// Takes the lock that lets one program, or one computer, at a time replace the tokens. It may be given back on another
        /// thread, so a Mutex or lock is not fit; a row or an application lock of the database is.
        /// </summary>
        /// <param name="wait">How long it may wait for the lock; never more than a quarter of a second.</param>
        /// <returns>false when another one has it; then it is asked again, for a minute.</returns>
        bool Lock(TimeSpan wait);

        /// <summary>Gives the lock back; called once for each lock that was taken. What it throws comes out at the next call that
        /// needs the store.</summary>
        void Unlock();
    }
}
