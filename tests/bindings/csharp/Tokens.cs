using System;
using System.Collections;
using System.Reflection;
using System.Runtime.InteropServices;
using System.Threading;
using Itero;

/// <summary>A program's own token store: what it is asked, what it throws, and how long it lives.</summary>
internal static class Tokens
{
    private sealed class Oops : Exception
    {
    }

    /// <summary>A database with one row, whose methods fail when they are told to.</summary>
    private sealed class Row : ITokenStore
    {
        internal string Text;
        internal Exception OnLoad, OnSave, OnLock, OnUnlock;
        internal int Busy, Locks, Unlocks;

        public string Load()
        {
            Fail(OnLoad);
            return Text;
        }

        public void Save(string text)
        {
            Claim.Equal(Locks, Unlocks + 1, "locks while it is saved");
            Fail(OnSave);
            Text = text;
        }

        public bool Lock(TimeSpan wait)
        {
            Claim.True(wait <= TimeSpan.FromMilliseconds(250), "the wait for the lock: " + wait);
            Fail(OnLock);
            if (Busy > 0)
            {
                Busy--;
                return false;
            }
            Interlocked.Increment(ref Locks);
            return true;
        }

        public void Unlock()
        {
            Interlocked.Increment(ref Unlocks);
            Fail(OnUnlock);
        }

        private static void Fail(Exception thrown)
        {
            if (thrown != null)
            {
                throw thrown;
            }
        }
    }

    [Promise]
    private static void ASignInOutlivesItsClient()
    {
        foreach (var protection in new[] { TokenProtection.Open, TokenProtection.Sealed })
        {
            var row = new Row();
            World.NewPaired(config => config.SetTokenStore(row, protection), null).Dispose();
            Claim.True(row.Text.Length > 100, protection + ": something was saved");
            GC.Collect();
            using (var client = World.NewClient(config => config.SetTokenStore(row, protection)))
            {
                Claim.Equal(ClientState.Paired, client.State, protection + ": state");
                Claim.Equal("30417", client.AccountId, protection + ": account");
                row.Busy = 2;
                client.Refresh();
                Claim.Equal(0, row.Busy, protection + ": a lock that another one has is asked for again");
            }
            Claim.True(row.Locks > 0, protection + ": it was locked");
            Claim.Equal(row.Locks, row.Unlocks, protection + ": each lock was given back");
        }
    }

    [Promise]
    private static void ASignInOutlivesItsClientInAFileToo()
    {
        var file = World.NewFolder() + ".tokens";
        World.NewPaired(config => config.TokenFile = file, null).Dispose();
        using (var client = World.NewClient(config => config.TokenFile = file))
        {
            Claim.Equal(ClientState.Paired, client.State, "state");
        }
        using (var client = World.NewClient(config =>
        {
            config.TokenFile = file;
            config.KeepTokensInMemory();
            Claim.Equal("", config.TokenFile, "the file that isn't used");
        }))
        {
            Claim.Equal(ClientState.SignedOut, client.State, "state of a client whose tokens are in memory");
        }
    }

    [Promise]
    private static void WhatAStoreThrowsIsTheInnerException()
    {
        var row = new Row { OnLoad = new Oops() };
        using (var client = World.NewClient(config => config.SetTokenStore(row, TokenProtection.Open)))
        {
            Fails(() => client.GetPractice(), row.OnLoad, "Load");
            row.OnLoad = null;
            row.Text = "a\0b";
            var refused = Claim.Throws<IteroException>(() => client.GetPractice(), "a text with a NUL");
            Claim.True(refused.InnerException is ArgumentException, "a text with a NUL: " + refused.InnerException);
        }
        row = new Row();
        using (var client = World.NewPaired(config => config.SetTokenStore(row, TokenProtection.Open), null))
        {
            row.OnLock = new Oops();
            Fails(client.Refresh, row.OnLock, "Lock");
            Fails(() => client.RefreshAsync().GetAwaiter().GetResult(), row.OnLock, "Lock, on another thread");
            row.OnLock = null;
            row.OnUnlock = new Oops();
            client.Refresh();
            var late = Claim.Throws<IteroException>(client.Refresh, "what Unlock threw before").InnerException;
            Claim.Equal(row.OnUnlock, late.InnerException, "what Unlock threw");
            row.OnUnlock = null;
            client.Refresh();
            Claim.True(client.GetPractice().Doctors.Count > 0, "all is well again");
        }
        Claim.Equal(row.Locks, row.Unlocks, "each lock was given back");
    }

    /// <summary>The service knows no others any more, so they stay in memory until they can be saved.</summary>
    [Promise]
    private static void TokensThatCannotBeSavedAreNotLost()
    {
        var row = new Row();
        using (var client = World.NewPaired(config => config.SetTokenStore(row, TokenProtection.Open), null))
        {
            var before = row.Text;
            row.OnSave = new Oops();
            client.Refresh();
            Claim.True(client.GetPractice().Doctors.Count > 0, "the client works");
            Claim.Equal(before, row.Text, "what was saved before");
            row.OnSave = null;
            client.GetPractice();
            Claim.True(row.Text != before, "they are saved at the next chance");
        }
        Claim.Equal(row.Locks, row.Unlocks, "each lock was given back");
    }

    /// <summary>Another failure has no inner exception, whatever a store has thrown before.</summary>
    [Promise]
    private static void OnlyItsOwnFailuresHaveOne()
    {
        var fault = Claim.Throws<IteroException>(() => World.Paired.GetOrderByRx("nobody's"), "an RxID that nobody knows");
        Claim.Equal(null, fault.InnerException, "the inner exception");
    }

    [Promise]
    private static void AStoreLivesAsLongAsWhoUsesIt()
    {
        using (var config = new Config())
        {
            Claim.Throws<ArgumentNullException>(() => config.SetTokenStore(null, TokenProtection.Open), "no store");
            var protection = (TokenProtection)7;
            Claim.Throws<IteroException>(() => config.SetTokenStore(new Row(), protection), "an unknown protection");
            Claim.Equal(IntPtr.Zero, User(config), "the number of a store that was refused");
        }
        Config made = null;
        var first = World.NewClient(config =>
        {
            made = config;
            config.SetTokenStore(new Row(), TokenProtection.Open);
        });
        var user = User(first);
        Claim.True(IsKnown(user), "known while the client lives, whose config is gone");
        Claim.Equal(user, User(made), "client and config share it");
        first.Dispose();
        Claim.True(!IsKnown(user), "forgotten with the last one");
        using (var config = new Config())
        {
            config.SetTokenStore(new Row(), TokenProtection.Open);
            user = User(config);
            config.SetTokenStore(new Row(), TokenProtection.Open);
            Claim.True(!IsKnown(user), "forgotten when another one takes its place");
            user = User(config);
            Claim.True(IsKnown(user), "the other one");
            config.KeepTokensInMemory();
            Claim.True(!IsKnown(user), "forgotten when none is needed");
        }
    }

    private static void Fails(Action call, Exception wanted, string what)
    {
        var fault = Claim.Throws<IteroException>(call, what);
        Claim.Equal(Status.Store, fault.Status, what + ": status of " + fault);
        Claim.Equal(wanted, fault.InnerException, what + ": the inner exception of " + fault.Message);
    }

    private static IntPtr User(object owner)
    {
        const BindingFlags Inside = BindingFlags.Instance | BindingFlags.NonPublic;
        var handle = (SafeHandle)owner.GetType().GetField("handle", Inside).GetValue(owner);
        return (IntPtr)handle.GetType().BaseType.GetProperty("User", Inside).GetValue(handle, null);
    }

    private static bool IsKnown(IntPtr user)
    {
        var callbacks = typeof(Client).Assembly.GetType("Itero.Callbacks");
        var known = callbacks.GetField("Known", BindingFlags.Static | BindingFlags.NonPublic).GetValue(null);
        return ((IDictionary)known).Contains(user);
    }
}
