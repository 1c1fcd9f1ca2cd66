using System;
using System.Runtime.InteropServices;
using System.Text;

namespace Itero
{
    /// <summary>Text between .NET and the library, which wants UTF-8 with a NUL at its end.</summary>
    internal static class Text
    {
        // Strict: half a surrogate pair would become a question mark in a patient's name.
        private static readonly UTF8Encoding Strict = new UTF8Encoding(false, true);

        /// <summary>A text for the library; null stays null. The member is named when the text can't be passed.</summary>
        internal static byte[] Utf8(string text, string member)
        {
            if (text == null)
            {
                return null;
            }
            if (text.IndexOf('\0') >= 0)
            {
                throw new ArgumentException(member + " holds a NUL character, which would cut it short.", member);
            }
            try
            {
                var bytes = new byte[Strict.GetByteCount(text) + 1];
                Strict.GetBytes(text, 0, text.Length, bytes, 0);
                return bytes;
            }
            catch (EncoderFallbackException fault)
            {
                throw new ArgumentException(member + " holds half a surrogate pair, which is no character.", member, fault);
            }
        }

        /// <summary>A text of the library, copied; null for NULL.</summary>
        internal static string Read(IntPtr text)
        {
            if (text == IntPtr.Zero)
            {
                return null;
            }
            var length = 0;
            while (Marshal.ReadByte(text, length) != 0)
            {
                length++;
            }
            var bytes = new byte[length];
            Marshal.Copy(text, bytes, 0, length);
            return Encoding.UTF8.GetString(bytes);
        }

        /// <summary>A text that belongs to a handle, which stays alive until the text is copied.</summary>
        internal static string Of<T>(T handle, Func<T, IntPtr> getter) where T : SafeHandle
        {
            var held = false;
            try
            {
                handle.DangerousAddRef(ref held);
                return Read(getter(handle));
            }
            finally
            {
                if (held)
                {
                    handle.DangerousRelease();
                }
            }
        }

        /// <summary>A text of a table's row.</summary>
        internal static string Of<T>(T table, int index, Func<T, int, IntPtr> getter) where T : SafeHandle
        {
            return Of(table, handle => getter(handle, index));
        }
    }
}
